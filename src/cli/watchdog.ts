import { url as debuggerUrl } from 'node:inspector'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { realTimers } from '../scenarios/patched-timers.ts'
import type { WatchdogData } from './watchdog-worker.ts' // the type alone: loading the file would start its loop here

export interface WatchdogOptions {
  /** How long the main thread may be silent, in real milliseconds. @default 60,000 */
  readonly limitMs?: number
}

/** Watches over the main thread, until disposed of. */
export interface Watchdog extends Disposable {
  /** A configuration begins to load: whose fault it is when nothing is heard from now on. */
  loading(file: string): void
  /** A run begins, and it is that one's. */
  heed(run: { readonly subject: string; readonly scenario: string }): void
}

/**
 * Ends the process, with a word on standard error, when an integration, or a configuration, keeps the event loop to itself:
 * an endless loop cannot be ended from its own thread. Starts with the first of them; keeps no process alive, and leaves a
 * process in peace that a debugger may have stopped.
 */
export function createWatchdog({ limitMs = 60_000 }: WatchdogOptions = {}): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const beat = () => {
    Atomics.add(beats, 0, 1)
    Atomics.notify(beats, 0)
  }
  let latest = ''
  let worker: Worker | undefined
  let timer: NodeJS.Timeout | undefined

  function start(): Worker {
    // As the file itself, the worker is source here and JavaScript in the package.
    const file = new URL(`./watchdog-worker${extname(import.meta.url)}`, import.meta.url)
    const started = new Worker(file, { workerData: { beats, limitMs } satisfies WatchdogData, execArgv: [] })
    started.on('error', () => {}) // scenarios run without it as well
    started.unref()
    timer = realTimers.setInterval(beat, Math.min(1_000, limitMs / 10)).unref()
    return started
  }

  function watch(about: string): void {
    if (debuggerUrl() !== undefined) return
    worker ??= start()
    beat()
    if (about === latest) return
    latest = about
    worker.postMessage(about)
  }

  return {
    loading: (file) => watch(`The configuration ${file}, while it is loaded,`),
    heed: ({ subject, scenario }) => watch(`${subject}, in "${scenario}",`),
    [Symbol.dispose]() {
      realTimers.clearInterval(timer)
      void worker?.terminate()
    },
  }
}
