import { type Scenario } from '../define.ts'
import { declinesNotRepeated } from '../invariants/declines-not-repeated.ts'
import { isPaid } from '../invariants/is-paid.ts'
import { order } from '../workload.ts'
import { onCharge, stripeScenario } from './stripe-scenario.ts'

/** What must hold when the answer to a charge does not come as it should. */
export const chargeScenarios: readonly Scenario[] = [
  stripeScenario('takes a payment when nothing goes wrong', {
    promise: 'With a healthy provider an order is paid for, once, and fulfilled, once.',
    invariants: [isPaid()],
  }),
  stripeScenario('charges once when the reply is lost', {
    promise: 'An order is charged at most once, although the reply to the charge gets lost.',
    faults: onCharge({ kind: 'lost-reply' }, [1]),
  }),
  stripeScenario('charges once when two replies in a row are lost', {
    promise: 'An order is charged at most once, also when the reply to the second attempt is lost as well.',
    faults: onCharge({ kind: 'lost-reply' }, [1, 2]),
  }),
  stripeScenario('charges once when the connection is reset', {
    promise: 'A connection that is reset before the provider acts leaves nobody with a wrong belief.',
    faults: onCharge({ kind: 'reset' }, [1]),
  }),
  stripeScenario('charges once when the answer is cut off', {
    promise: 'An answer that breaks off after the charge is not taken for a charge that failed.',
    faults: onCharge({ kind: 'truncated-body', afterBytes: 100 }, [1]),
  }),
  stripeScenario('charges once when the answer is not JSON', {
    promise: 'An answer that cannot be parsed after the charge is not taken for a charge that failed.',
    faults: onCharge({ kind: 'malformed-json' }, [1]),
  }),
  stripeScenario('charges once when the provider answers late', {
    promise: 'A charge whose answer takes 40 seconds is not made twice.',
    faults: onCharge({ kind: 'latency', delayMs: 40_000, at: 'after' }, [1]),
  }),
  stripeScenario('survives a conflict while its first attempt is still at work', {
    promise: 'A 409 for a key that is in use is not taken for the end: the first attempt may yet succeed.',
    faults: onCharge({ kind: 'latency', delayMs: 20_000, at: 'during' }, [1]),
  }),
  stripeScenario('survives a failure that the provider remembers', {
    promise: 'A 500 that is repeated for the same key charges nobody twice and is not taken for a payment.',
    faults: onCharge({ kind: 'status', status: 500, stored: true }, [1]),
  }),
  stripeScenario('survives a page of HTML with 502', {
    promise: 'A proxy that answers with HTML is a failure in passing, not an exception and not a payment.',
    faults: onCharge({ kind: 'html-error', status: 502 }, [1]),
  }),
  stripeScenario('does not take a page of HTML with 200 for a payment', {
    promise: 'Only what the provider says is believed, not what a portal in between says with 200.',
    faults: onCharge({ kind: 'html-error', status: 200 }, [1]),
  }),
  stripeScenario('does not take a decline for a payment, nor try it again', {
    promise: 'A declined card is declined once, and the order is neither paid nor fulfilled.',
    workload: [{ do: 'pay', order: order('order-1', { card: 'pm_card_chargeDeclined' }) }],
    invariants: [declinesNotRepeated()],
  }),
  stripeScenario('takes a second card after a decline', {
    promise: 'A customer whose first card is declined can pay with another one.',
    workload: [
      { do: 'pay', order: order('order-1', { card: 'pm_card_chargeDeclined' }) },
      { do: 'pay', order: order('order-1') },
    ],
    invariants: [isPaid()],
  }),
]
