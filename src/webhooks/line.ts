import { type Delivery, type DeliveryAttempt, type DeliveryRecord, type TargetStatus } from './delivery.ts'
import { type EndpointStanding } from './endpoint-standing.ts'
import { type OutgoingEvent } from './outbox.ts'

/** A target with its secret, and how it stands with the provider. */
export interface Target extends TargetStatus {
  readonly secret: string
  disabled?: TargetStatus['disabled']
  standing: EndpointStanding
  readonly wants: (type: string) => boolean
}

/** One event on its way to one target. */
export interface Line {
  readonly id: string
  readonly order: number
  readonly event: OutgoingEvent
  readonly target: Target
  /** When its first attempt is meant to be sent. */
  readonly dueAtMs: number
  state: DeliveryRecord['state']
  readonly attempts: DeliveryAttempt[]
  /** Attempts begun, whoever asked for them. */
  begun: number
  /** The sending that the schedule is at; others were asked for by somebody. */
  scheduled?: string
  /** Attempts of the schedule that failed. */
  failed: number
}

/** A line that nothing has been sent on. */
export function createLine(order: number, event: OutgoingEvent, target: Target, dueAtMs: number): Line {
  return { id: `whd_${order}`, order, event, target, dueAtMs, state: 'pending', attempts: [], begun: 0, failed: 0 }
}

/** The line's next sending, as the provider means it. */
export function nextDelivery(line: Line, dueAtMs: number): Delivery {
  const { event, target } = line
  const attempt = ++line.begun
  return {
    id: `${line.id}.${attempt}`,
    event: event.id,
    type: event.type,
    ...(event.tenant === undefined ? {} : { tenant: event.tenant }),
    attempt,
    dueAtMs,
    url: target.url,
    headers: event.headers ?? {},
    body: event.body,
    genuine: true,
  }
}

/** The provider's own sending of an attempt, not a copy that a fault made beside it. */
export function isOwn(line: Line, { id, attempt }: Delivery): boolean {
  return id === `${line.id}.${attempt}`
}

/** The last of the provider's own attempts that has ended. */
export function lastFailure({ id, attempts }: Line): DeliveryAttempt | undefined {
  return attempts.findLast(
    ({ delivery, attempt, status, error }) => delivery === `${id}.${attempt}` && (status ?? error) !== undefined,
  )
}

/** What became of the line so far, for people and reports. */
export function recordOf({ id, event, target, state, attempts }: Line): DeliveryRecord {
  return { id, event: event.id, type: event.type, url: target.url, createdMs: event.createdMs, state, attempts }
}
