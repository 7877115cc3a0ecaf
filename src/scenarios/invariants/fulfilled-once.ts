import { entriesOf } from '../history.ts'
import { times } from './at-most-once.ts'
import { type Invariant } from './invariant.ts'

/** The goods for an order go out at most once. */
export function fulfilledOnce(): Invariant {
  return {
    name: 'fulfilled-once',
    promise: 'An order is fulfilled at most once.',
    check: (history) =>
      Object.entries(history.observed?.orders ?? {}).flatMap(([id, { fulfilled }]) => {
        if (fulfilled <= 1) return []
        const effects = entriesOf(history, 'effect').filter(({ effect, key }) => effect === 'fulfil' && key === id)
        return [
          {
            happened: `Order ${id} was fulfilled ${times(fulfilled)}.`,
            entries: effects.slice(1).map(({ seq }) => seq),
          },
        ]
      }),
  }
}
