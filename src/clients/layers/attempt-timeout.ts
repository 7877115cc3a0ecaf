import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { type Layer } from '../../core/service.ts'
import { type LimitOptions, within } from '../limit.ts'

export interface AttemptTimeoutOptions {
  /** From sending the request to the last byte of the answer. `Infinity` for none. @default 10,000 */
  readonly timeoutMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/**
 * Ends one attempt in time, the body of its answer included: rejects with `timeout`, phase `attempt`.
 *
 * Place it inside retry, so that each attempt has its own time, and inside the bulkhead, so that
 * queueing is not mistaken for a slow provider.
 */
export function attemptTimeout(options: AttemptTimeoutOptions = {}): Layer {
  const { timeoutMs = 10_000, clock = systemClock } = options
  const limit: LimitOptions = {
    clock,
    timeoutMs,
    expired: () =>
      new GoodfenceError(
        'timeout',
        `The attempt was not over after ${timeoutMs} ms. The provider may have done the work all the same.`,
        { timeoutMs, phase: 'attempt' },
      ),
  }
  return (next) => (request, context) => within(limit, next, request, context, context?.deadlineAtMs ?? Infinity)
}
