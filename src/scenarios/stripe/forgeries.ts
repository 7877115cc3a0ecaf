import { type Forge } from '../../mocks/delivery-faults/forge.ts'
import { type Scenario } from '../define.ts'
import { forgedHasNoEffect } from '../invariants/forged-has-no-effect.ts'
import { order } from '../workload.ts'
import { type StripeScenario, stripeScenario } from './stripe-scenario.ts'

const paid = 'payment_intent.succeeded'

/** The customer's card is declined; the attacker claims that the order has been paid for. */
function forgery(
  signature: NonNullable<Forge['signature']>,
): Pick<StripeScenario, 'workload' | 'faults' | 'invariants'> {
  return {
    workload: [{ do: 'pay', order: order('order-1', { card: 'pm_card_chargeDeclined' }) }],
    faults: [
      { on: { event: 'payment_intent.payment_failed', nth: [1] }, fault: { kind: 'forge', type: paid, signature } },
    ],
    invariants: [forgedHasNoEffect()],
  }
}

/** What must hold against somebody who knows the address of the webhooks. */
export const forgeryScenarios: readonly Scenario[] = [
  stripeScenario('ignores a forged event', {
    promise: 'An event that is signed with another secret has no effect.',
    ...forgery('wrong-secret'),
  }),
  stripeScenario('ignores an event without a signature', {
    promise: 'An event without a signature has no effect.',
    ...forgery('missing'),
  }),
  stripeScenario('ignores an event with an empty signature', {
    promise: 'An event with an empty signature has no effect.',
    ...forgery('empty'),
  }),
  stripeScenario('survives a signature that is too short', {
    promise: 'A signature of the wrong length is refused like any other wrong one.',
    ...forgery('short'),
  }),
  stripeScenario('ignores an event that was changed on its way', {
    promise:
      'An event whose amount was changed after it was signed is refused; the true one is taken when it comes again.',
    faults: [{ on: { event: paid, nth: [1] }, fault: { kind: 'tamper' } }],
    invariants: [forgedHasNoEffect()],
  }),
  stripeScenario('ignores an event that is replayed an hour later', {
    promise: 'A genuine delivery that somebody overheard and sends again an hour later has no effect.',
    faults: [{ on: { event: paid, nth: [1] }, fault: { kind: 'replay', afterMs: 3_600_000 } }],
    invariants: [forgedHasNoEffect()],
  }),
]
