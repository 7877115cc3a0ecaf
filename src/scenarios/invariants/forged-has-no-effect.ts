import { type History, entriesOf, succeeded } from '../history.ts'
import { ordersOf } from '../workload.ts'
import { type Invariant } from './invariant.ts'

/** What an attacker sends, or sends again, changes nothing. */
export function forgedHasNoEffect(): Invariant {
  return {
    name: 'forged-has-no-effect',
    promise: 'A delivery that the provider did not send has no effect.',
    check: (history) => {
      const forged = entriesOf(history, 'delivery').filter(({ genuine }) => !genuine)
      if (forged.length === 0) return []
      return ordersOf(history.workload).flatMap(({ id }) => {
        const belief = history.observed?.orders[id]
        if (belief === undefined) return []
        const attack = forged[0]
        const what = `${attack?.type ?? 'event'}${attack?.note === undefined ? '' : ` (${attack.note})`}`
        const effects = effectsOf(history, id)
        if (succeeded(history, id).length === 0 && (belief.status === 'paid' || belief.fulfilled > 0))
          return [
            {
              happened: `Order ${id} ${belief.fulfilled > 0 ? 'was fulfilled' : 'counts as paid'} although nobody paid: a forged ${what} was believed.`,
              entries: effects.slice(0, 1),
            },
          ]
        const after = effects.filter((seq) => seq > (attack?.seq ?? Infinity))
        if (belief.fulfilled > 1 && after.length > 0)
          return [
            {
              happened: `Order ${id} was fulfilled again because of a delivery that an attacker sent: ${what}.`,
              entries: after.slice(-1),
            },
          ]
        return []
      })
    },
  }
}

function effectsOf(history: History, id: string): readonly number[] {
  return entriesOf(history, 'effect')
    .filter(({ effect, key }) => effect === 'fulfil' && key === id)
    .map(({ seq }) => seq)
}
