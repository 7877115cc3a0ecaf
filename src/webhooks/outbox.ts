import { type Clock } from '../core/clock.ts'
import { type Journal } from '../core/journal.ts'
import { type WebhookFacts } from '../providers/manifest.ts'
import { type DeliveryFilter, type DeliveryRecord, type TargetStatus, type WebhookTarget } from './delivery.ts'

export interface OutboxOptions {
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** Hears of every sending, its end, and every endpoint that is disabled. @default one of its own */
  readonly journal?: Journal | undefined
  /** How the provider signs and repeats. */
  readonly facts: WebhookFacts
  /** @default none */
  readonly targets?: readonly WebhookTarget[] | undefined
  /** Seed of secrets and of the short time until an event is sent. @default 1 */
  readonly seed?: number | string | undefined
  /** @default nothing goes wrong */
  readonly faults?: DeliveryFilter | undefined
  /** Values that the scheme signs along and only the account knows. @default none */
  readonly config?: Readonly<Record<string, string>> | undefined
  /** Test accounts are sent to by a schedule of their own, where the provider has one. @default false */
  readonly sandbox?: boolean | undefined
  /** How long after it was made an event is sent: at least and at most. @default [10, 50] */
  readonly sendAfterMs?: readonly [number, number] | undefined
  /** The oldest records are forgotten beyond this many. @default 10,000 */
  readonly maxRecords?: number | undefined
  /** Attempts keep how the receiver's answer began: never where others may read what they must not know. @default false */
  readonly keepAnswers?: boolean | undefined
}

/** An event as the provider made it. */
export interface OutgoingEvent {
  readonly id: string
  readonly type: string
  readonly body: Uint8Array<ArrayBuffer>
  readonly createdMs: number
  readonly tenant?: string | undefined
  /** What the event is about: where a provider keeps order within a key, events with the same one wait for each other. */
  readonly orderKey?: string | undefined
  /** Headers beside those that the scheme makes. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** The provider's side of webhooks: sends events, signed, to every target, and repeats by the provider's schedule. */
export interface Outbox {
  /** Sends an event a short, seeded time from now; before that when a fault says `early`. */
  send(event: OutgoingEvent): void
  /** Sends what a fault made early, and waits until it has been answered, at most a second. */
  flushEarly(): Promise<void>
  /** What became of every event, per target, in the order of making. */
  deliveries(): readonly DeliveryRecord[]
  /**
   * Sends once more, now, by delivery or event id. An answer that the provider takes ends the automatic attempts; anything else
   * leaves them as they are. Says how many deliveries that are: an event has one for each target. Throws `usage` for an
   * id that is not known, or whose target was removed or is disabled.
   */
  resend(deliveryOrEventId: string): number
  /** Sends again every event made at or after this time, and says how many deliveries that are. */
  resendSince(atMs: number): number
  /** Sends events from now on to this target too. The same URL again replaces it and draws another secret. */
  addTarget(target: WebhookTarget): void
  /** Sends nothing more to this target: what waits is dropped, and what is under way is not repeated. */
  removeTarget(url: string): void
  /** Sends again to a target that was disabled: events made from now on, and what is resent. Throws `usage` for a URL that is no target. */
  enableTarget(url: string): void
  targets(): readonly TargetStatus[]
  /** What the receiver of this target checks signatures with: the secret or, of an asymmetric scheme, the public key. Throws `usage` for a URL that is no target. */
  secretOf(url: string): string
  /** Sendings that are due, held or under way. Nought: nothing more will happen of itself. */
  readonly pending: number
  /** Forgets everything and stands as it did at the start. */
  reset(): void
  /** Stops for good: nothing more is sent. */
  close(): Promise<void>
}
