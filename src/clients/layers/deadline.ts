import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { type Layer } from '../../core/service.ts'
import { type LimitOptions, within } from '../limit.ts'

export interface DeadlineOptions {
  /** For the whole call: all attempts, pauses and queues, and the body of the answer. `Infinity` for none. @default 30,000 */
  readonly timeoutMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/**
 * Ends the whole call in time: rejects with `timeout`, phase `total`, whose cause is the last failed attempt.
 *
 * Place it outside retry. A deadline that the caller's context brings stands if it is sooner.
 */
export function deadline(options: DeadlineOptions = {}): Layer {
  const { timeoutMs = 30_000, clock = systemClock } = options
  const limit = (ms: number): LimitOptions => ({
    clock,
    timeoutMs: ms,
    expired: (lastFailure) =>
      new GoodfenceError(
        'timeout',
        `Gave up the call after ${ms} ms, the total for all attempts. Raise deadline.timeoutMs, or ask for less work at once.`,
        { timeoutMs: ms, phase: 'total' },
        lastFailure === undefined ? {} : { cause: lastFailure },
      ),
  })
  const own = limit(timeoutMs)

  return (next) => (request, context) => {
    const nowMs = clock.monotonic()
    const callerAtMs = context?.deadlineAtMs ?? Infinity
    return callerAtMs < nowMs + timeoutMs
      ? within(limit(Math.max(0, callerAtMs - nowMs)), next, request, context, callerAtMs)
      : within(own, next, request, context, nowMs + timeoutMs)
  }
}
