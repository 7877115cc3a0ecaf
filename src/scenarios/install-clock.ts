import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { patchedDate } from './patched-date.ts'
import { patchedTimers } from './patched-timers.ts'
import { replacements } from './replacements.ts'
import { type SubjectClock } from './subject-clock.ts'

/** Real milliseconds since some fixed moment, whatever the globals say. */
export const realNow: () => number = performance.now.bind(performance)

/**
 * Replaces the platform's time by a clock, for code that takes no clock: timers, `timers/promises`,
 * `Date`, `performance.now`, `process.hrtime` and `AbortSignal.timeout`. Disposing of the result puts
 * everything back.
 *
 * `process.nextTick` and `queueMicrotask` stay as they are: body readers and interceptors are built on
 * them and freeze when they are replaced (measured with Node 24.21 and MSW 3.0.5).
 *
 * `current` is asked at each use, so that one installation serves many runs.
 */
export function installClock(current: () => SubjectClock): Disposable {
  const replaced = replacements()
  const replace = <T extends object>(target: T, values: Partial<Record<keyof T & string, unknown>>) => {
    for (const [name, value] of Object.entries(values)) replaced.replace(target, name, value)
  }

  const patched = patchedTimers(current)
  const promises = promised(current)
  Object.defineProperty(patched.setTimeout, promisify.custom, { value: promises.setTimeout })
  Object.defineProperty(patched.setImmediate, promisify.custom, { value: promises.setImmediate })
  replace(globalThis, { ...patched, Date: patchedDate(current) })
  replace(timers as unknown as Record<string, unknown>, patched)
  replace(timersPromises as unknown as Record<string, unknown>, promises)
  replace(timersPromises.scheduler as unknown as Record<string, unknown>, {
    wait: async (ms: number, options?: { signal?: AbortSignal }) => promises.setTimeout(ms, undefined, options),
  })
  replace(performance, { now: () => current().monotonic() })
  replace(process, { hrtime: patchedHrtime(current) })
  replace(AbortSignal as unknown as Record<string, unknown>, { timeout: abortTimeout(current) })
  replaced.publish()
  return replaced
}

/** The functions of `node:timers/promises`. */
function promised(current: () => SubjectClock) {
  interface Options {
    readonly signal?: AbortSignal
    readonly ref?: boolean
  }
  const sleep = async <T>(ms: number, value: T, { signal }: Options = {}): Promise<T> => {
    try {
      await current().sleep(Math.max(0, ms), signal)
    } catch (error) {
      throw signal?.aborted ? aborted(signal) : error
    }
    return value
  }
  return {
    setTimeout: <T>(ms = 1, value?: T, options?: Options) => sleep(ms, value, options),
    setImmediate: <T>(value?: T, options?: Options) => sleep(0, value, options),
    async *setInterval<T>(ms = 1, value?: T, options?: Options) {
      for (;;) yield await sleep(ms, value, options)
    },
  }
}

/** What Node's own promised timers reject with. */
function aborted(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}

function patchedHrtime(current: () => SubjectClock) {
  const nanos = () => BigInt(Math.round(current().monotonic() * 1e6))
  const hrtime = (before?: readonly [number, number]): [number, number] => {
    const now = nanos() - (before === undefined ? 0n : BigInt(before[0]) * 1_000_000_000n + BigInt(before[1]))
    return [Number(now / 1_000_000_000n), Number(now % 1_000_000_000n)]
  }
  return Object.assign(hrtime, { bigint: nanos })
}

/** As the platform's, which ends in the same error and keeps no process alive. */
function abortTimeout(current: () => SubjectClock) {
  return (ms: number): AbortSignal => {
    if (!(ms >= 0)) throw new RangeError(`The value of "delay" is out of range: ${ms}`)
    const controller = new AbortController()
    const abort = () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    current().arm(ms, abort).keepAlive(false)
    return controller.signal
  }
}
