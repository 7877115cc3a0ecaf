import { type Random } from '../core/random.ts'
import { type Service } from '../core/service.ts'
import { type EventValues } from './write-event.ts'

/** One sending of an event to one target: the first attempt, a retry, or a copy that a fault made. */
export interface Delivery {
  /** Unique among all sendings, such as `whd_3.1` for the first attempt of the third delivery. */
  readonly id: string
  /** The event's id. */
  readonly event: string
  /** The event's type, such as `payment_intent.succeeded`. */
  readonly type: string
  /** Whose event it is, where a provider serves several tenants. */
  readonly tenant?: string
  /** Counts from 1 the provider's attempts to bring this event to this target. */
  readonly attempt: number
  /** When it will be sent, in milliseconds since the Unix epoch. */
  readonly dueAtMs: number
  readonly url: string
  /** Those of the event; what is sealed has also those that sign it, the rest is signed afresh when it is sent. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
  /** False for what the provider did not send, or not with these bytes, or not now. */
  readonly genuine: boolean
  /** Sent between the effect and the answer of the API call that made the event. @default false */
  readonly early?: boolean
  /** Its headers and bytes are final. @default false */
  readonly sealed?: boolean
  /** Never arrives, and the provider knows only that it failed. @default false */
  readonly lost?: boolean
  /** Waits until a later event has been delivered to the same target. @default false */
  readonly behindNext?: boolean
  /** What a fault did to it, for the journal. */
  readonly note?: string
}

/** What a delivery is sent with once it is signed. Most schemes sign in headers alone. */
export type Signed = Pick<Delivery, 'headers' | 'body' | 'url'>

/** What delivery faults may use of the outbox that asks them. */
export interface DeliveryTools {
  /** It is sent now; otherwise its event was made just now. */
  readonly due: boolean
  /** Signs at the due time, with each of the secrets. @default the target's own */
  readonly sign: (delivery: Delivery, secrets?: readonly string[]) => Signed
  /** The target's own secret. */
  readonly secret: string
  /** The signature covers the body, or some of it. */
  readonly bodySigned: boolean
  /** A delivery can carry signatures of several secrets. */
  readonly carriesSeveral: boolean
  /** Another secret of the form that the provider issues. */
  readonly otherSecret: (random: Random) => string
  /** The delivery as that of another event: where its provider's facts say, other values stand in it. */
  readonly rewrite: (delivery: Delivery, values: EventValues) => Delivery
}

/** Turns pending deliveries into those that will be sent. The outbox asks it about every delivery. */
export type DeliveryFilter = (pending: readonly Delivery[], tools: DeliveryTools) => readonly Delivery[]

/** Where webhooks go. */
export interface WebhookTarget {
  readonly url: string
  /** Takes the deliveries in the same process. @default fetch */
  readonly service?: Service | undefined
  /** What deliveries to this target are signed with. @default a secret drawn from the outbox's seed */
  readonly secret?: string | undefined
  /** Types wanted, with `*` for any run of characters. @default every type */
  readonly events?: readonly string[] | undefined
}

/** Where webhooks go, and whether they still do. */
export interface TargetStatus extends WebhookTarget {
  /** The provider stopped sending there, by its own rule. @default it sends */
  readonly disabled?: { readonly atMs: number; readonly reason: string } | undefined
}

/** One try of a delivery, with how it ended once it has. */
export interface DeliveryAttempt {
  /** Id of the sending, as in the journal. */
  readonly delivery: string
  readonly attempt: number
  readonly atMs: number
  readonly genuine: boolean
  readonly note?: string
  readonly status?: number
  readonly error?: string
  /** How the body of the answer began, where the outbox keeps answers. */
  readonly answer?: string
  /** Whether the provider takes the answer for a yes. Not there while it waits for one. */
  readonly taken?: boolean
  readonly tookMs?: number
}

/** What became of one event on its way to one target. */
export interface DeliveryRecord {
  readonly id: string
  readonly event: string
  readonly type: string
  readonly url: string
  readonly createdMs: number
  /** `failed`: the provider has used up its attempts, was told to stop, or has disabled the endpoint. */
  readonly state: 'pending' | 'delivered' | 'failed'
  readonly attempts: readonly DeliveryAttempt[]
}

/** Tests event types against a pattern in which `*` stands for any run of characters. */
export function eventMatcher(pattern: string): (type: string) => boolean {
  if (pattern === '*') return () => true
  if (!pattern.includes('*')) return (type) => type === pattern
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*')
  const expression = new RegExp(`^${source}$`)
  return (type) => expression.test(type)
}
