import { type Clock } from '../../core/clock.ts'
import { type Layer } from '../../core/service.ts'
import { exchangeOf } from '../exchange.ts'
import { Refused, type Refusal } from '../refusal.ts'

export interface RateLimitOptions {
  /** How many requests one account may make within `windowMs`. */
  readonly limit: number
  /** @default 1000 */
  readonly windowMs?: number
  readonly clock: Clock
  /** The provider's 429, given how long the window still lasts. */
  readonly refusal: (retryAfterMs: number) => Refusal
}

/** Lets each account make so many requests within a window that begins with its first one. */
export function rateLimit(options: RateLimitOptions): Layer {
  const { limit, windowMs = 1_000, clock, refusal } = options
  const windows = new Map<string, { startMs: number; count: number }>()
  return (next) => async (request, context) => {
    const { tenant } = exchangeOf(request)
    const nowMs = clock.monotonic()
    let window = windows.get(tenant)
    if (window === undefined || nowMs - window.startMs >= windowMs) {
      window = { startMs: nowMs, count: 0 }
      windows.set(tenant, window)
    }
    if (++window.count > limit) throw new Refused(refusal(window.startMs + windowMs - nowMs))
    return next(request, context)
  }
}
