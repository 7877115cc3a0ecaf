import { atMostOnce } from '../invariants/at-most-once.ts'
import { boundedTime } from '../invariants/bounded-time.ts'
import { converges } from '../invariants/converges.ts'
import { forgedHasNoEffect } from '../invariants/forged-has-no-effect.ts'
import { fulfilledOnce } from '../invariants/fulfilled-once.ts'
import { nothingIsLeft } from '../invariants/nothing-is-left.ts'
import { paidIsFulfilled } from '../invariants/paid-is-fulfilled.ts'
import { type Exploring } from '../provider-pack.ts'
import { stripeScenario } from './stripe-scenario.ts'

/** What must hold of a payment whatever goes wrong, and what can go wrong with one. */
export const exploring: Exploring = {
  scenario: stripeScenario('holds under every schedule', {
    promise: 'Whatever goes wrong for a while, nobody is charged twice, left without the goods or believed wrongly.',
    invariants: [
      atMostOnce(),
      fulfilledOnce(),
      paidIsFulfilled(),
      forgedHasNoEffect(),
      converges(),
      boundedTime({ withinMs: 60_000 }),
      nothingIsLeft(),
    ],
  }),
  space: {
    operations: [
      'POST /v1/payment_intents',
      'POST /v1/payment_intents/{intent}/confirm',
      'GET /v1/payment_intents/{intent}',
      'GET /v1/payment_intents',
      'POST /v1/customers',
    ],
    events: ['payment_intent.succeeded', 'payment_intent.payment_failed', 'charge.succeeded'],
    cards: ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_threeDSecureRequired'],
  },
}
