import { type AttemptHeaders } from '../providers/delivery-facts.ts'
import { type DeliveryAttempt } from './delivery.ts'

/** The headers by which a provider says which attempt this is, and why there is another one. */
export function attemptHeaders(
  facts: AttemptHeaders | undefined,
  attempt: number,
  before: Pick<DeliveryAttempt, 'status' | 'error'> | undefined,
): Readonly<Record<string, string>> {
  if (facts === undefined || (attempt === 1 && facts.onFirst !== true)) return {}
  const { number, startsAt = 0, reason } = facts
  const counted = { [number]: String(attempt - 1 + startsAt) }
  if (reason === undefined || before === undefined) return counted
  const why = before.status !== undefined ? 'status' : before.error === 'timeout' ? 'timeout' : 'noAnswer'
  return { ...counted, [reason.name]: reason[why] }
}
