import { type Clock } from '../../../core/clock.ts'
import { type Journal } from '../../../core/journal.ts'
import { type WebhookPort } from '../../behaviour.ts'
import { type Collection } from '../../resources/collection.ts'
import { type Cause, type StripeObject } from './account.ts'

/** Something that happened, as Stripe tells it. */
export interface StripeEvent extends StripeObject {
  readonly object: 'event'
  readonly api_version: string
  readonly created: number
  readonly data: { readonly object: object; readonly previous_attributes?: Readonly<Record<string, unknown>> }
  readonly livemode: false
  readonly pending_webhooks: number
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  readonly type: string
}

/** Makes events, keeps them and hands them to the outbox. */
export interface EventSource {
  emit(type: string, object: object, cause: Cause, before?: Readonly<Record<string, unknown>>): void
}

export interface EventSourceOptions {
  readonly events: Collection<StripeEvent>
  readonly webhooks: WebhookPort
  readonly journal: Journal
  readonly clock: Clock
  readonly newId: (prefix: string) => string
  readonly seconds: () => number
  readonly apiVersion: string
}

const encoder = new TextEncoder()

/** Makes the source of an account's events. */
export function createEventSource(options: EventSourceOptions): EventSource {
  const { events, webhooks, journal, clock, newId, seconds, apiVersion } = options
  return {
    emit(type, object, cause, before) {
      const wanted = webhooks.wanted(type)
      const event: StripeEvent = {
        id: newId('evt'),
        object: 'event',
        api_version: apiVersion,
        created: seconds(),
        data: { object, ...(before === undefined ? {} : { previous_attributes: before }) },
        livemode: false,
        pending_webhooks: wanted,
        request: { id: cause.requestId, idempotency_key: cause.idempotencyKey },
        type,
      }
      events.put(event)
      const about = (object as Partial<StripeObject>).id
      journal.record({ kind: 'event', event: event.id, type, ...(about === undefined ? {} : { about }) })
      if (wanted === 0) return
      webhooks.send({
        id: event.id,
        type,
        body: encoder.encode(JSON.stringify(event, null, 2)),
        createdMs: clock.now(),
      })
      cause.onEvent?.()
    },
  }
}

/**
 * The fields of `before` that `after` has otherwise, with their old values: what Stripe calls previous attributes.
 * `names` are the fields that may differ.
 */
export function previousAttributes(
  before: object,
  after: object,
  names = Object.keys(after),
): Readonly<Record<string, unknown>> | undefined {
  const changed: Record<string, unknown> = {}
  const was = before as Record<string, unknown>
  const is = after as Record<string, unknown>
  for (const name of names) {
    if (was[name] === is[name] || sameJson(was[name], is[name])) continue
    changed[name] = was[name] ?? null
  }
  return Object.keys(changed).length === 0 ? undefined : changed
}

function sameJson(a: unknown, b: unknown): boolean {
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b)
}
