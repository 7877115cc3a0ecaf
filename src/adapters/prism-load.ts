import { Worker } from 'node:worker_threads'
import { systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'

/** Runs in a thread of its own: Prism walks a cyclic document for ever without a pause in which to stop it. */
const loader = `
const { parentPort, workerData } = require('node:worker_threads')
const { getHttpOperationsFromSpec } = require(workerData.prismHttp)
getHttpOperationsFromSpec(workerData.path).then(
  (operations) => parentPort.postMessage({ operations }),
  (error) => parentPort.postMessage({ message: error.message, unreadable: /ENOENT|EACCES|EISDIR|opening file/i.test(String(error.code) + error.message) }),
)`

type Loaded = { readonly operations: unknown[] } | { readonly message: string; readonly unreadable: boolean }

/** The operations of a document as Prism makes them. `prismHttp` is where its library lies. */
export async function loadOperations(prismHttp: string, path: string, timeoutMs: number): Promise<unknown[]> {
  const loaded = await inThread({ prismHttp, path }, timeoutMs)
  if (loaded === undefined) {
    const message = `Prism did not load ${path} within ${timeoutMs} ms. It cannot cope with some cyclic documents; use the builtin engine.`
    throw new GoodfenceError('document_unsupported', message, { path })
  }
  if ('operations' in loaded && loaded.operations.length > 0) return loaded.operations
  if ('message' in loaded && loaded.unreadable)
    throw new GoodfenceError('document_unreadable', `Cannot read ${path}: ${loaded.message}`, { path })
  const reason = 'message' in loaded ? loaded.message : 'it has no operations'
  throw new GoodfenceError('document_malformed', `Prism cannot load ${path}: ${reason}`, { path })
}

async function inThread(workerData: object, timeoutMs: number): Promise<Loaded | undefined> {
  const worker = new Worker(loader, { eval: true, workerData, stdout: true, stderr: true })
  try {
    return await new Promise<Loaded | undefined>((resolve, reject) => {
      const cancel = systemClock.after(timeoutMs, () => resolve(undefined))
      worker.once('message', (loaded: Loaded) => {
        cancel()
        resolve(loaded)
      })
      worker.once('error', (error) => {
        cancel()
        reject(error)
      })
    })
  } finally {
    await worker.terminate()
  }
}
