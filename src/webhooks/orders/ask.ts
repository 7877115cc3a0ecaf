import { type Clock } from '../../core/clock.ts'
import { discard } from '../../core/body.ts'
import { type Current, type HandlerResult, type WebhookEvent } from '../handler.ts'

/**
 * Asks the provider for what an event is about. An answer of HTTP is read: 404 and 410 mean that it is gone, 429 pauses
 * every event of the provider, and anything but 2xx is a failed attempt. Anything else is the object itself;
 * `undefined`: it is gone.
 */
export type Ask = (event: WebhookEvent, context: { readonly signal: AbortSignal }) => Promise<unknown>

/** What came of asking. */
export type Asked = { readonly current: Current } | { readonly refused: HandlerResult }

/** Asks, and reads the answer. */
export async function askProvider(ask: Ask, event: WebhookEvent, signal: AbortSignal, clock: Clock): Promise<Asked> {
  const answer = await ask(event, { signal })
  if (!(answer instanceof Response)) {
    return { current: answer === undefined ? { found: false } : { found: true, value: answer } }
  }
  if (answer.ok) return { current: { found: true, value: await answer.json() } }
  const { status } = answer
  await discard(answer)
  if (status === 404 || status === 410) return { current: { found: false } }
  const afterMs = retryAfterMs(answer, clock.now())
  const pauses = status === 429 || (status === 503 && afterMs !== undefined)
  return {
    refused: {
      kind: 'retry',
      reason: `refetch answered ${status}`,
      ...(pauses ? { pauseProvider: true } : {}),
      ...(afterMs === undefined ? {} : { afterMs }),
    },
  }
}

/** `Retry-After` as seconds or as a date (RFC 9110 section 10.2.3). */
function retryAfterMs({ headers }: Response, nowMs: number): number | undefined {
  const value = headers.get('retry-after')?.trim()
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
