import { duration } from '../../reports/step.ts'
import { type History, entriesOf, succeeded } from '../history.ts'
import { shortIds } from '../short-ids.ts'
import { ordersOf } from '../workload.ts'
import { type Invariant, atEnd } from './invariant.ts'

export interface PaidIsFulfilledOptions {
  /** How long after the payment the goods may take to go out. @default as long as everything needs to settle */
  readonly withinMs?: number
}

/** Whoever has paid gets the goods: nothing is lost between the provider's success and the shop's effect. */
export function paidIsFulfilled(options: PaidIsFulfilledOptions = {}): Invariant {
  const { withinMs } = options
  const limit = withinMs === undefined ? '' : ` within ${duration(withinMs)}`
  return {
    name: 'paid-is-fulfilled',
    promise: `An order that is paid for is fulfilled${limit}.`,
    check: (history) =>
      ordersOf(history.workload).flatMap(({ id }) => {
        const [charge] = succeeded(history, id)
        if (charge === undefined) return []
        if ((history.observed?.orders[id]?.fulfilled ?? 0) === 0)
          return [
            { happened: `Order ${id} was paid for (${shortIds(charge.id)}) and never fulfilled.`, entries: [atEnd] },
          ]
        const paidMs = withinMs === undefined ? undefined : momentOf(history, charge.id)
        if (withinMs === undefined || paidMs === undefined) return []
        const effect = entriesOf(history, 'effect').find((entry) => entry.effect === 'fulfil' && entry.key === id)
        if (effect === undefined || effect.atMs - paidMs <= withinMs) return []
        return [
          {
            happened: `Order ${id} was fulfilled only ${duration(effect.atMs - paidMs)} after its payment; ${duration(withinMs)} were promised.`,
            entries: [effect.seq],
          },
        ]
      }),
  }
}

/** When the provider last changed an object: the moment it came to its final state. */
function momentOf(history: History, id: string): number | undefined {
  return entriesOf(history, 'state').findLast((entry) => entry.id === id)?.atMs
}
