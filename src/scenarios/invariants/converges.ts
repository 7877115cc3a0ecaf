import { type ObservedOrder } from '../define.ts'
import { type Payment } from '../history.ts'
import { shortIds } from '../short-ids.ts'
import { ordersOf } from '../workload.ts'
import { type Finding, type Invariant, atEnd } from './invariant.ts'

/** What the shop believes about an order is what the provider knows, once everything has settled. */
export function converges(): Invariant {
  return {
    name: 'converges',
    promise: 'The shop ends up believing what the provider knows.',
    check: (history) =>
      ordersOf(history.workload).flatMap(({ id }): readonly Finding[] => {
        const payments = history.payments.filter((payment) => payment.order === id)
        const belief = history.observed?.orders[id]
        const truth = truthOf(payments)
        if (agrees(truth, belief)) return []
        const believed = belief === undefined ? 'knows nothing of it' : `believes it ${belief.status}`
        return [
          {
            happened: `For order ${id} the provider knows ${inWords(truth, payments)}; the shop ${believed}.`,
            entries: [atEnd],
          },
        ]
      }),
  }
}

type Truth = 'paid' | 'refunded' | 'failed' | 'pending' | 'nothing'

function truthOf(payments: readonly Payment[]): Truth {
  const paid = payments.filter(({ status }) => status === 'succeeded')
  if (paid.length > 0) return paid.every(({ refunded, amount }) => refunded >= amount) ? 'refunded' : 'paid'
  if (payments.some(({ status }) => status === 'pending')) return 'pending'
  return payments.length > 0 ? 'failed' : 'nothing'
}

/** Where no money moved, a shop may still wait or have given up; what it may not do is believe in money. */
function agrees(truth: Truth, belief: ObservedOrder | undefined): boolean {
  if (truth === 'paid' || truth === 'refunded') return belief?.status === truth
  return belief === undefined || belief.status === 'pending' || belief.status === 'failed'
}

function inWords(truth: Truth, payments: readonly Payment[]): string {
  if (truth === 'nothing') return 'of no payment'
  const ids = payments.map(({ id }) => shortIds(id)).join(', ')
  return truth === 'paid' ? `a payment that succeeded (${ids})` : `a payment that is ${truth} (${ids})`
}
