import { type Entry } from '../core/journal.ts'

type Delivery = Extract<Entry, { kind: 'delivery' }>

/** Objects whose changes are a story; charges, balance transactions and the like only follow them. */
const stories = new Set(['payment_intent', 'refund', 'payment'])

/** Whether the changes of a kind of object are told. */
export function isStory(object: string): boolean {
  return stories.has(object)
}

/**
 * The deliveries that a reader has to know of: those about what is told, those that a fault struck, that
 * were refused, that came more than once, and those during which the shop did something.
 */
export function deliveriesWorthTelling(
  entries: readonly Entry[],
  wrong: ReadonlySet<number>,
): ReadonlyMap<string, Delivery> {
  const open = new Map<string, Delivery>()
  const worth = new Map<string, Delivery>()
  const attempts = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind === 'delivery') attempts.set(entry.event, (attempts.get(entry.event) ?? 0) + 1)
  }
  const late = belatedDeliveries(entries)
  for (const entry of entries) {
    if (entry.kind === 'delivery') {
      open.set(entry.delivery, entry)
      const repeated = (attempts.get(entry.event) ?? 0) > 1
      const struck = !entry.genuine || entry.note !== undefined
      if (struck || repeated || late.has(entry.delivery) || wrong.has(entry.seq) || isNews(entry.type))
        worth.set(entry.delivery, entry)
    } else if (entry.kind === 'delivered') {
      const delivery = open.get(entry.delivery)
      const taken = entry.status !== undefined && entry.status >= 200 && entry.status < 300
      if (delivery !== undefined && !taken) worth.set(entry.delivery, delivery)
      open.delete(entry.delivery)
    } else if (entry.kind === 'effect') {
      const latest = [...open.values()].at(-1)
      if (latest !== undefined) worth.set(latest.delivery, latest)
    }
  }
  return worth
}

/** Deliveries of events that are older than one about the same object that was delivered before. */
export function belatedDeliveries(entries: readonly Entry[]): ReadonlySet<string> {
  const events = new Map<string, { readonly about: string; readonly seq: number }>()
  const newest = new Map<string, number>()
  const late = new Set<string>()
  for (const entry of entries) {
    if (entry.kind === 'event' && entry.about !== undefined)
      events.set(entry.event, { about: entry.about, seq: entry.seq })
    if (entry.kind !== 'delivery') continue
    const event = events.get(entry.event)
    if (event === undefined) continue
    const before = newest.get(event.about) ?? 0
    if (event.seq < before) late.add(entry.delivery)
    newest.set(event.about, Math.max(before, event.seq))
  }
  return late
}

/** That something was made is told by its request. */
function isNews(type: string): boolean {
  return isStory(type.split('.')[0] ?? '') && !type.endsWith('.created')
}
