import { entriesOf, succeeded } from '../history.ts'
import { shortIds } from '../short-ids.ts'
import { money, ordersOf } from '../workload.ts'
import { type Invariant } from './invariant.ts'

/** The provider takes the money for an order at most once. */
export function atMostOnce(): Invariant {
  return {
    name: 'at-most-once',
    promise: 'An order is charged at most once.',
    check: (history) =>
      ordersOf(history.workload).flatMap(({ id }) => {
        const charges = succeeded(history, id)
        if (charges.length <= 1) return []
        const list = charges.map((charge) => `${shortIds(charge.id)} (${money(charge)})`).join(' and ')
        const extra = new Set(charges.slice(1).map((charge) => charge.id))
        const entries = entriesOf(history, 'state').filter((entry) => extra.has(entry.id))
        return [
          {
            happened: `Order ${id} was charged ${times(charges.length)}: ${list}.`,
            entries: entries.slice(0, 1).map(({ seq }) => seq),
          },
        ]
      }),
  }
}

/** A count as an adverb. */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}
