import { type DeliveryFacts, type Statuses } from '../providers/delivery-facts.ts'
import { type Outcome, type SendOptions } from './delivery-attempt.ts'

/** What a provider makes of one attempt. */
export type Judgement =
  | { readonly kind: 'taken' }
  /** `atLeastMs`: the receiver asked not to be called before. */
  | { readonly kind: 'failed'; readonly atLeastMs?: number }
  /** Failed, and this event is not tried again. */
  | { readonly kind: 'stopped' }

/** Judges how an attempt ended as the provider does. */
export function judgeAnswer(outcome: Outcome, facts: DeliveryFacts, nowMs: number): Judgement {
  const { success, answer, stop, heedsRetryAfter = false } = facts
  if (!('status' in outcome)) return stop?.noAnswer === true ? { kind: 'stopped' } : { kind: 'failed' }
  const { status, headers, text = '' } = outcome
  if (stop?.header !== undefined && headers?.get(stop.header.name) === stop.header.value) return { kind: 'stopped' }
  if (includesStatus(success, status)) return isSaid(text, answer?.mustContain) ? { kind: 'taken' } : { kind: 'failed' }
  const stops = stop?.statuses !== undefined && includesStatus(stop.statuses, status)
  if (stops && stop.except?.includes(status) !== true) return { kind: 'stopped' }
  const atLeastMs = heedsRetryAfter ? retryAfter(headers?.get('retry-after'), nowMs) : undefined
  return atLeastMs === undefined ? { kind: 'failed' } : { kind: 'failed', atLeastMs }
}

/** How much of an answer the provider looks at. */
export function readOf({ answer, stop, heedsRetryAfter }: DeliveryFacts): NonNullable<SendOptions['read']> {
  if (answer !== undefined) return 'body'
  return stop?.header !== undefined || heedsRetryAfter === true ? 'headers' : 'status'
}

/** Whether a status is one of these. */
export function includesStatus(statuses: Statuses, status: number): boolean {
  const classOf = `${Math.floor(status / 100)}xx`
  if (typeof statuses === 'string') return statuses === classOf
  return statuses.some((each) => each === status || each === classOf)
}

function isSaid(text: string, wanted: string | undefined): boolean {
  return wanted === undefined || (wanted === '' ? text === '' : text.includes(wanted))
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  if (value === null || value === undefined) return undefined
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
