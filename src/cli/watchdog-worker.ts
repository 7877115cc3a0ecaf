import { writeSync } from 'node:fs'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

/** What the watchdog's thread is given when it starts. */
export interface WatchdogData {
  /** One number that grows while the main thread gets on. */
  readonly beats: Int32Array<SharedArrayBuffer>
  readonly limitMs: number
}

const { beats, limitMs } = workerData as WatchdogData

for (let seen = 0; ; seen = Atomics.load(beats, 0)) {
  if (Atomics.wait(beats, 0, seen, limitMs) !== 'timed-out') continue
  const about = latestMessage()
  if (about === undefined) continue
  // Nothing but the system's own call gets out while the main thread is busy, and no exit code of ours either.
  try {
    writeSync(
      2,
      `\ngoodfence: ${about} never lets go of the event loop: for ${limitMs / 1000} s no timer and no answer had its turn. Look there for a loop that awaits nothing, or only what is there already. The process is ended and no report is written.\n`,
    )
  } finally {
    process.kill(process.pid, 'SIGKILL') // also when nobody reads standard error any more
  }
}

function latestMessage(): string | undefined {
  let latest: string | undefined
  if (parentPort === null) return undefined
  for (let next = receiveMessageOnPort(parentPort); next !== undefined; next = receiveMessageOnPort(parentPort))
    latest = next.message as string
  return latest
}
