import { type Clock } from '../../core/clock.ts'
import { type Random } from '../../core/random.ts'
import { type Handler, type WebhookEvent } from '../handler.ts'
import { type EventState, type Place } from '../inbox.ts'

/** An event as it is known before it is stored. */
export type ArrivingEvent = Pick<WebhookEvent, 'provider' | 'account' | 'subscription' | 'type' | 'data'> & {
  readonly id: string
  readonly occurredAtMs?: number
}

/** Reads what an event is about; `undefined`: nothing, so it waits for no other. */
export type KeyOf = (event: ArrivingEvent) => string | undefined

/** Makes names for lanes and markers that no other account or kind of event has. */
export interface Naming {
  /** The name of a lane of this ordering. */
  readonly lane: (key: string) => string
  /** The name of a marker that only events of this ordering have. */
  readonly marker: (...key: readonly (string | number)[]) => string
  /** The name of the marker that an event of these types with this key announces. */
  readonly announced: (types: readonly string[], key: string) => string
}

/** What a strategy works with while an event is handled. */
export interface OrderingTools {
  readonly clock: Clock
  readonly random: Random
  readonly naming: (event: ArrivingEvent) => Naming
  /** The state of the first event with this marker; `undefined`: none is known. */
  readonly find: (marker: string) => Promise<EventState | undefined>
}

/** What the receiver knows of an ordering. */
export interface Placing {
  readonly kind: 'none' | 'refetch' | 'latest' | 'serial' | 'sequence' | 'hold'
  /** Where an arriving event stands. */
  readonly place: (event: ArrivingEvent, naming: Naming) => Place
  /** Types whose events end the waiting of those ordered here, and how their key is read. */
  readonly announcers?: { readonly types: readonly string[]; readonly key: KeyOf }
}

/** How the events of one type follow each other. */
export interface Ordering<Transaction> extends Placing {
  /** Adds what the strategy does when an event is handled. @default nothing */
  readonly handling?: (next: Handler<Transaction>, tools: OrderingTools) => Handler<Transaction>
}

/** An ordering that makes no effects of its own, so that it goes with every inbox. */
export interface FreeOrdering extends Placing {
  readonly handling?: <Transaction>(next: Handler<Transaction>, tools: OrderingTools) => Handler<Transaction>
}
