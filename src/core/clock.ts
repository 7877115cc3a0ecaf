import { timerLists } from './timer-lists.ts'

/** Time as an option: everything that waits or reads the time takes one of these. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump when the system's time is set. For dates and signatures. */
  now(): number
  /** Milliseconds since some fixed moment; never goes back. For durations and deadlines. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason, in the same turn, when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after `ms`, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void
  /**
   * Says that real work, on a thread or a socket, is under way: a virtual clock does not jump before
   * it settles. Returns what it was given.
   */
  hold<T>(work: Promise<T>): Promise<T>
}

/** The longest delay that a Node timer takes without wrapping around to 1 ms. */
const maxTimerMs = 2 ** 31 - 1

const loadedWith = setTimeout
const cheapAfter = timerLists(setTimeout, clearTimeout, () => performance.now())

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleepOn(systemClock, ms, signal),
  after(ms, callback) {
    // Where somebody has put other timers in place, theirs are to be seen for each.
    if (setTimeout === loadedWith && ms <= maxTimerMs) return cheapAfter(ms, callback)
    let timer: NodeJS.Timeout
    const arm = (left: number) => {
      timer = setTimeout(left > maxTimerMs ? () => arm(left - maxTimerMs) : callback, Math.min(left, maxTimerMs))
    }
    arm(ms)
    return () => clearTimeout(timer)
  },
  hold: (work) => work,
}

/** Waits on a clock's own timers, giving up in the same turn in which the signal aborts. */
export function sleepOn(clock: Pick<Clock, 'after'>, ms: number, signal?: AbortSignal): Promise<void> {
  if (!(ms >= 0))
    return Promise.reject(new RangeError(`A pause of ${ms} ms cannot be waited for: give a number of at least 0.`))
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
