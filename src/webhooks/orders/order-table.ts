import { GoodfenceError } from '../../core/errors.ts'
import { type DeliveryFacts } from '../../providers/delivery-facts.ts'
import { type Place } from '../inbox.ts'
import { keepableName } from '../keepable-name.ts'
import {
  type ArrivingEvent,
  type FreeOrdering,
  type KeyOf,
  type Naming,
  type Ordering,
  type Placing,
} from './ordering.ts'
import { serial } from './serial.ts'

/**
 * Which ordering the events of a type have. `*` at the end of a name stands for any rest; the longest name that fits counts.
 * Events of two names never share a lane.
 *
 * @example
 * const order: OrderTable<DatabaseSync> = {
 *   'payment_intent.*': refetch({ key: idOf, fetch: (event, { signal }) => stripe.get(idOf(event), { signal }) }),
 *   'invoice.*': serial({ key: idOf }),
 * }
 */
export type OrderTable<Transaction> = Readonly<Record<string, Ordering<Transaction> | FreeOrdering>>

/** The same, where only the places of arriving events matter. */
export type PlaceTable = Readonly<Record<string, Placing>>

/** A table, or one for each provider where several share an inbox. */
export type Order<Table> = Table | ((provider: string) => Table | undefined)

/** A table that was read. */
export interface ReadTable<Entry> {
  /** The entry for a type. */
  readonly entryOf: (type: string) => { readonly name: string; readonly ordering: Entry } | undefined
  /** How the events of a type end the waiting of others. */
  readonly announcerOf: (type: string) => { readonly types: readonly string[]; readonly key: KeyOf } | undefined
}

/** Reads a table. Throws `usage` for names and orderings that contradict each other. */
export function readTable<Entry extends Placing>(table: Readonly<Record<string, Entry>>): ReadTable<Entry> {
  const exact = new Map<string, { name: string; ordering: Entry }>()
  const open: { name: string; prefix: string; ordering: Entry }[] = []
  for (const [name, ordering] of Object.entries(table)) {
    const star = name.indexOf('*')
    if (star === -1) exact.set(name, { name, ordering })
    else if (star === name.length - 1) open.push({ name, prefix: name.slice(0, -1), ordering })
    else throw contradiction(`"${name}" has a * before its end.`, 'put the * at the end, as in payment_intent.*')
  }
  open.sort((a, b) => b.prefix.length - a.prefix.length)
  const entryOf = (type: string) => exact.get(type) ?? open.find(({ prefix }) => type.startsWith(prefix))

  const announcers = new Map<string, NonNullable<Placing['announcers']>>()
  for (const { announcers: announced } of Object.values(table)) {
    for (const type of announced?.types ?? []) {
      const known = announcers.get(type)
      if (known !== undefined && (known.key !== announced?.key || known.types.join() !== announced.types.join())) {
        throw contradiction(
          `Two orderings wait for ${type}, each by another key.`,
          'let both have the same parents and key',
        )
      }
      if (entryOf(type)?.ordering.kind === 'sequence') {
        throw contradiction(
          `${type} is in a sequence and others wait for it.`,
          'let the others be in a sequence as well',
        )
      }
      if (announced !== undefined) announcers.set(type, announced)
    }
  }
  return { entryOf, announcerOf: (type) => announcers.get(type) }
}

/** Makes names for the lanes and markers of one entry of a table. */
export function namingFor({ provider, account, subscription }: ArrivingEvent, name: string): Naming {
  const named = (...parts: readonly (string | number)[]) =>
    keepableName(JSON.stringify([provider, account, subscription, ...parts]))
  return {
    lane: (key) => named(name, key),
    marker: (...key) => named(name, ...key),
    announced: (types, key) => named(types.join(), key),
  }
}

/** Whose events are to be placed. */
export interface PlacedProvider {
  readonly name: string
  readonly webhooks: { readonly delivery: Pick<DeliveryFacts, 'order'> }
}

/**
 * Makes the function that says where an arriving event stands. A type that the table does not have is handled whenever
 * it comes; but where the provider itself brings one event after the other, their order is kept.
 */
export function placer(
  order: Order<PlaceTable> | undefined,
  { name: provider, webhooks }: PlacedProvider,
): (event: ArrivingEvent) => Place {
  const { entryOf, announcerOf } = readTable<Placing>((typeof order === 'function' ? order(provider) : order) ?? {})
  const standard = webhooks.delivery.order === 'per-target' ? { name: '', ordering: inArrival } : undefined
  return (event) => {
    const entry = entryOf(event.type) ?? standard
    const announcer = announcerOf(event.type)
    const place = quietly(() => entry?.ordering.place(event, namingFor(event, entry.name))) ?? {}
    const key = quietly(() => announcer?.key(event))
    return announcer === undefined || key === undefined
      ? place
      : { ...place, marker: namingFor(event, '').announced(announcer.types, key) }
  }
}

/** What the provider would hold up, it no longer does once we have it. */
const inArrival = serial({ key: () => '', onDead: 'continue' })

/** A key that cannot be read must not cost us the event. */
function quietly<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function contradiction(message: string, mend: string): GoodfenceError<'usage'> {
  return new GoodfenceError('usage', `The table of orders cannot be used: ${message}`, { mend })
}
