import { type Clock } from '../../../core/clock.ts'
import { type Random, randomToken } from '../../../core/random.ts'
import { type Collection, type Resource } from '../../resources/collection.ts'
import { type World } from '../../behaviour.ts'
import { type EventSource, createEventSource } from './events.ts'
import { type Kind, type Kinds } from './kinds.ts'

/** An object of Stripe's. */
export interface StripeObject extends Resource {
  readonly object: string
}

/** Why something changes: the request that asked for it, or nobody's, such as a customer at the bank's page. */
export interface Cause {
  readonly exchange?: string
  readonly requestId: string | null
  readonly idempotencyKey: string | null
  /** Called when the change made an event. */
  readonly onEvent?: () => void
}

/** What a change without a request is put down to. */
export const noRequest: Cause = { requestId: null, idempotencyKey: null }

/** Stripe's side of the truth: objects, ids, time and events of one account. */
export interface Account {
  /** The objects of one kind. Of deleted ones the stubs are among them. */
  of<K extends Kind>(kind: K): Collection<Kinds[K]>
  readonly clock: Clock
  readonly events: EventSource
  /** Seconds since the epoch, as Stripe writes time. */
  seconds(): number
  /** A new id such as `pi_3MtwBwLkdIwHu7ix28a3tqPa`. */
  newId(prefix: string, length?: number): string
  /** A secret or number drawn for one purpose. */
  draw(purpose: string, length: number, alphabet?: string): string
  /** Keeps an object, new or changed, and writes the change into the journal. */
  keep<T extends StripeObject>(object: T, change: string, cause: Cause): T
  /** Tells the world of an object's new state; `before` are the fields that changed, with their old values. */
  tell(type: string, object: object, cause: Cause, before?: Readonly<Record<string, unknown>>): void
}

/** Opens an empty account. */
export function openAccount(world: World, apiVersion: string): Account {
  const { store, clock, journal } = world
  const randoms = new Map<string, Random>()
  const randomFor = (purpose: string): Random => {
    let random = randoms.get(purpose)
    if (random === undefined) {
      random = world.random(purpose)
      randoms.set(purpose, random)
    }
    return random
  }
  const newId = (prefix: string, length = 24) => `${prefix}_${randomToken(randomFor(prefix), length)}`
  const seconds = () => Math.floor(clock.now() / 1000)
  const of = <K extends Kind>(kind: K) => store.of(kind) as unknown as Collection<Kinds[K]>
  const events = createEventSource({
    events: of('event'),
    webhooks: world.webhooks,
    journal,
    clock,
    newId,
    seconds,
    apiVersion,
  })

  return {
    of,
    clock,
    events,
    seconds,
    newId,
    draw: (purpose, length, alphabet) => randomToken(randomFor(purpose), length, alphabet),
    keep(object, change, { exchange }) {
      const { object: kind, id } = object
      store.of(kind).put(object)
      journal.record(
        exchange === undefined
          ? { kind: 'state', object: kind, id, change }
          : { kind: 'state', object: kind, id, change, exchange },
      )
      return object
    },
    tell: (type, object, cause, before) => events.emit(type, object, cause, before),
  }
}
