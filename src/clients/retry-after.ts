import { parseHttpDate } from './http-date.ts'

/**
 * How long the provider asks to be left alone, in milliseconds; undefined when it says nothing, or
 * nothing that can be read.
 *
 * Reads `retry-after-ms`, then `Retry-After` as seconds or as a date in each of HTTP's three forms. A date is
 * compared with the answer's own `Date`, so that a client whose clock is wrong waits as long as was meant.
 */
export function retryAfterMs(response: Response, nowMs: number): number | undefined {
  const millis = response.headers.get('retry-after-ms')
  if (millis !== null && /^\d+(\.\d+)?$/.test(millis)) return Number(millis)
  const value = response.headers.get('retry-after')?.trim()
  if (value === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1_000
  const atMs = parseHttpDate(value, nowMs)
  if (atMs === undefined) return undefined
  const sentAtMs = parseHttpDate(response.headers.get('date') ?? '', nowMs) ?? nowMs
  return Math.max(0, atMs - sentAtMs)
}
