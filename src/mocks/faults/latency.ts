import { type Inject } from './fault.ts'

export interface Latency {
  readonly kind: 'latency'
  readonly delayMs: number
  /** Spread around `delayMs`, in both directions. @default 0 */
  readonly jitterMs?: number
  /**
   * Where the time goes. `before`: on the way to the provider. `during`: in the provider's work, while the
   * idempotency key is in use. `after`: on the way back, when the effect is done. @default 'before'
   */
  readonly at?: 'before' | 'during' | 'after'
}

/** Answers late, but answers. */
export const latency: Inject<Latency> =
  ({ delayMs, jitterMs = 0, at = 'before' }, { clock, random }) =>
  (next) =>
  async (request, context) => {
    const pauseMs = Math.max(0, delayMs + (jitterMs === 0 ? 0 : jitterMs * (2 * random() - 1)))
    if (at !== 'after') {
      await clock.sleep(pauseMs) // the provider does not know that its caller gave up
      return next(request, context)
    }
    const response = await next(request, context)
    await clock.sleep(pauseMs)
    return response
  }
