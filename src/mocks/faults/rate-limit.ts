import { type Inject } from './fault.ts'

export interface RateLimit {
  readonly kind: 'rate-limit'
  /**
   * What Retry-After says: seconds, or a date sent as it stands. @default no such header
   */
  readonly retryAfter?: number | string
  /** How seconds are written: as they are, or as the date that many seconds from now. @default 'seconds' */
  readonly as?: 'seconds' | 'date'
}

/** Refuses with 429 in the provider's own words, without an effect. */
export const rateLimit: Inject<RateLimit> =
  ({ retryAfter, as = 'seconds' }, { clock, errorResponse }) =>
  () =>
  async () => {
    const response = errorResponse(429, 'rate_limit')
    if (retryAfter === undefined) response.headers.delete('retry-after')
    else response.headers.set('retry-after', retryAfterText(retryAfter, as, clock.now()))
    return response
  }

/** RFC 9110 section 10.2.3: a number of seconds, or a date (section 5.6.7). */
function retryAfterText(retryAfter: number | string, as: 'seconds' | 'date', nowMs: number): string {
  if (typeof retryAfter === 'string' || as === 'seconds') return `${retryAfter}`
  return new Date(nowMs + retryAfter * 1_000).toUTCString()
}
