import { succeeded } from '../history.ts'
import { ordersOf } from '../workload.ts'
import { type Invariant } from './invariant.ts'

/** A customer who can pay gets to pay: every order of the workload is paid for in the end. */
export function isPaid(): Invariant {
  return {
    name: 'is-paid',
    promise: 'Every order that can be paid for is paid for in the end.',
    check: (history) =>
      ordersOf(history.workload)
        .filter(({ id }) => succeeded(history, id).length === 0)
        .map(({ id }) => ({ happened: `Order ${id} was never paid for, although nothing stood in its way for good.` })),
  }
}
