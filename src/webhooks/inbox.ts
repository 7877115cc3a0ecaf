import { type DeliveryFacts } from '../providers/delivery-facts.ts'

/** What tells one event from every other. Two deliveries that agree in all four are the same event. */
export interface EventKey {
  readonly provider: string
  /** Account, tenant or shop at the provider; empty where there is only one. */
  readonly account: string
  /** The endpoint that it was sent to, where one event goes to several; else empty. */
  readonly subscription: string
  readonly eventId: string
}

/**
 * How the events of a lane follow each other. `exclusive`: one at a time, in any order. `serial`: one at a time and in
 * the order of arrival, each when all before it are handled or given up. `strict`: a dead one holds up the rest as
 * well, until someone requeues or skips it.
 */
export type LaneOrder = 'exclusive' | 'serial' | 'strict'

/** Which other events an event waits for, and which wait for it. */
export interface Place {
  /** Events with the same lane are never handled at the same time. None: handled whenever it is due. */
  readonly lane?: string
  /** An exclusive lane is another than an ordered one of the same name. @default 'exclusive' */
  readonly laneOrder?: LaneOrder
  /** What is announced once this event is handled. Many events may have the same marker. */
  readonly marker?: string
  /** Held until an event with this marker was handled, but not longer than this. For events without a lane. */
  readonly after?: { readonly marker: string; readonly timeoutMs: number }
}

/** A verified delivery on its way into the inbox. */
export interface NewEvent extends EventKey, Place {
  readonly type: string
  /** The bytes as they arrived. */
  readonly body: Uint8Array<ArrayBuffer>
  /** When it happened, by the provider's clock. */
  readonly occurredAtMs?: number
  /** Kept for people to look at and never handled: the bytes are genuine, but we cannot read them. */
  readonly quarantined?: boolean
}

/**
 * - `ready`: waits until it is due. `held`: waits for another event as well. `leased`: a worker has it.
 * - `done`: handled. `superseded`: a newer event made it pointless, or someone skipped it.
 * - `dead`: given up, until someone requeues it.
 * - `quarantined`: genuine, but unreadable. `conflict`: other bytes under the id of an event that we have.
 */
export type EventState = 'ready' | 'held' | 'leased' | 'done' | 'superseded' | 'dead' | 'quarantined' | 'conflict'

/** Every state, in the order of an event's life. */
export const eventStates: readonly EventState[] = [
  'ready',
  'held',
  'leased',
  'done',
  'superseded',
  'dead',
  'quarantined',
  'conflict',
]

/** When an event comes due that only another can wake. */
export const neverMs: number = Number.MAX_SAFE_INTEGER

/** An event as the inbox holds it. */
export interface InboxEvent extends EventKey, Omit<Place, 'after'> {
  /** Place in the order of arrival. */
  readonly seq: number
  readonly type: string
  readonly state: EventState
  /** Empty once it was pruned. */
  readonly body: Uint8Array<ArrayBuffer>
  readonly receivedAtMs: number
  readonly occurredAtMs?: number
  /** The marker that it waits for; on an event that was handed out: the one that did not come in time. */
  readonly waitsFor?: string
  /** When it is due, or when its lease ends, or when it waits no longer; `neverMs` while its lane is taken. */
  readonly dueAtMs: number
  /** How often it was claimed since it arrived or was requeued, without the times that it was held instead. */
  readonly attempts: number
  /** How often a lease ran out: the process died, or hung. */
  readonly crashes: number
  /** How often someone had it done again. */
  readonly replays: number
  /** Who had it done again last, and why. */
  readonly requeued?: { readonly by: string; readonly reason: string }
  /** Why the last attempt failed, by kind; never a message that may hold a secret. */
  readonly lastError?: string
}

/**
 * What became of a delivery that was put:
 * `inserted`; `duplicate` of one we have; `revived` one that was dead; `conflict` with the bytes that we
 * have; or `full`, refused because too much is waiting.
 */
export type PutResult = 'inserted' | 'duplicate' | 'revived' | 'conflict' | 'full'

export interface ClaimOptions {
  /** Who claims, for people to read. */
  readonly owner: string
  /** At most this many. */
  readonly limit: number
  readonly leaseMs: number
  /** An event whose lease ran out this often is buried with the error `crash-loop`. @default 3 */
  readonly maxCrashes?: number
  /** Events of these providers are not handed out. @default none */
  readonly exceptProviders?: readonly string[]
}

/** An event handed to a worker until its lease ends. */
export interface Claim {
  readonly event: InboxEvent
  readonly owner: string
  /** Rises with every claim of this event: who settles with an older one has lost it. */
  readonly fence: number
  /** The last event that had arrived when it was claimed, so that it knows what a look at the provider has covered. */
  readonly newestSeq: number
}

export interface Claimed {
  readonly claims: readonly Claim[]
  /** When the next unfinished event comes due, or its lease ends; undefined: there is none. */
  readonly nextDueAtMs: number | undefined
}

/**
 * How an attempt ended. `coversSeq`: what waits in its ordered lane and arrived no later than the event with this `seq`
 * is superseded along with it. `hold`: nothing was tried, so it counts as no attempt; it comes due after `forMs`, or when
 * an event with the marker was handled. When one was handled already, it comes due at once, and the attempt counts.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly coversSeq?: number }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'hold'; readonly forMs: number; readonly marker?: string }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly error: string }
  | { readonly kind: 'dead'; readonly error: string }

/** What to act upon. All fields are joined by *and*; no field selects everything. */
export interface Selector {
  readonly seqs?: readonly number[]
  readonly states?: readonly EventState[]
  readonly provider?: string
  readonly type?: string
  readonly eventId?: string
  readonly lane?: string
  readonly marker?: string
  /** Kind of the last failure. */
  readonly lastError?: string
  /** Arrived then or later. */
  readonly sinceMs?: number
}

export interface RequeueOptions {
  /** Who asked, for the record. */
  readonly by: string
  readonly reason: string
  /** Only counts. @default false */
  readonly dryRun?: boolean
  /** Also has events done again that were done and still have their body: their effects will happen twice. @default false */
  readonly force?: boolean
  /**
   * `skip`: instead they become superseded, and what they held up goes on; the only way to settle a `conflict`.
   * @default 'handle'
   */
  readonly to?: 'handle' | 'skip'
}

export interface InspectOptions extends Selector {
  /** At most this many events; 0 asks for the numbers alone. @default 100 */
  readonly limit?: number
  /** Only events that arrived after the one with this `seq`. @default 0 */
  readonly afterSeq?: number
  /** Also tells what needs a person: dead events by kind, and the lanes that they block. @default false */
  readonly problems?: boolean
}

/** Dead events of one kind. */
export interface DeadGroup {
  readonly provider: string
  readonly type: string
  readonly lastError: string
  readonly count: number
  /** When the first and the last of them arrived. */
  readonly oldestMs: number
  readonly newestMs: number
}

/** A strict lane that a dead event holds up. */
export interface BlockedLane {
  readonly lane: string
  /** The dead event. */
  readonly seq: number
  /** How many events wait behind it. */
  readonly waiting: number
}

export interface Problems {
  /** The largest group first, at most a hundred. */
  readonly dead: readonly DeadGroup[]
  /** In order of the dead events' arrival, at most a hundred. */
  readonly blockedLanes: readonly BlockedLane[]
}

export interface Inspection {
  /** In order of arrival. */
  readonly events: readonly InboxEvent[]
  /** How many events of the whole inbox are in each state. */
  readonly counts: Readonly<Record<EventState, number>>
  /** When the oldest event arrived that is neither handled nor given up. */
  readonly oldestUnfinishedMs?: number
  readonly problems?: Problems
}

export interface Retention {
  /** Bodies of finished events are dropped at this age. @default 14 days */
  readonly bodiesAfterMs?: number
  /**
   * Finished events become tombstones at this age: their key is known, and nothing else of them. @default 30 days
   */
  readonly eventsAfterMs?: number
  /**
   * Tombstones are forgotten at this age; a delivery that comes later is a new event. An age at which one of the
   * `providers` still retries is refused. @default 90 days
   */
  readonly tombstonesAfterMs?: number
  /** Whose events these are. @default ones that retry for three days */
  readonly providers?: readonly { readonly webhooks: { readonly delivery: DeliveryFacts } }[]
}

export interface PruneReport {
  /** Events whose body was dropped. */
  readonly bodies: number
  /** Events that became tombstones. */
  readonly events: number
  /** Tombstones that were forgotten. */
  readonly tombstones: number
}

/** What a store can promise. */
export interface Guarantees {
  /** What was put outlives: a power cut; the process; nothing. */
  readonly survives: 'power-cut' | 'process' | 'nothing'
  /** The effects given to `settle` and the settling itself happen together or not at all. */
  readonly atomicEffects: boolean
  /** Other processes may put events here: a worker has to look from time to time. */
  readonly shared: boolean
}

/**
 * Where verified deliveries land and wait to be handled once.
 *
 * `Transaction` is what effects are made with: a database handle whose work commits together with the
 * settling. A store that cannot do that is an `Inbox<never>`: nothing can be passed as an effect. Time is the store's own, or an injected clock's.
 */
export interface Inbox<Transaction = unknown> extends AsyncDisposable {
  readonly guarantees: Guarantees
  /**
   * Stores events and tells new from known in the same durable step. Resolves after the commit. Where each event is a commit of
   * its own, as in PostgreSQL, one that cannot be stored rejects and the events before it stay: put again, they are duplicates.
   */
  put(events: readonly NewEvent[]): Promise<readonly PutResult[]>
  /** Leases what is due, oldest first, and counts the attempt before it begins. */
  claim(options: ClaimOptions): Promise<Claimed>
  /**
   * Ends a claim. `effect` runs in the same transaction; when it throws, nothing happened and `settle`
   * rejects with its error. `lost`: another claim came after, and nothing happened either.
   */
  settle(claim: Claim, outcome: Outcome, effect?: Effect<Transaction>): Promise<'settled' | 'lost'>
  /** Makes the lease end `leaseMs` from now. */
  extend(claim: Claim, leaseMs: number): Promise<'extended' | 'lost'>
  /** Makes finished or dead events ready again and answers how many. Only `force` touches what was done. */
  requeue(selector: Selector, options: RequeueOptions): Promise<number>
  /** Shows events and numbers. Changes nothing. */
  inspect(options?: InspectOptions): Promise<Inspection>
  /** Drops old bodies, then all but the keys, of what is done or superseded; never what is dead or unfinished. */
  prune(retention?: Retention): Promise<PruneReport>
  /** Calls back whenever this process made an event ready, until the returned function is called. */
  watch(listener: () => void): () => void
}

/** Changes that are made together with the settling of an event; none where the store cannot do that. */
export type Effect<Transaction> = [Transaction] extends [never]
  ? never
  : (transaction: Transaction) => void | Promise<void>

export interface InboxLimits {
  /** More than this many unfinished events are refused with `full`. @default no limit */
  readonly maxUnfinished?: number
  /** A delivery of an event that is dead makes it ready again: the provider, or someone there, asked for it. @default true */
  readonly reviveDead?: boolean
}
