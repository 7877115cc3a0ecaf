import { refuse } from './error.ts'
import { type Parameters, textIn } from './parameters.ts'
import { type IntentMove, statusesFor } from './payment-intent-machine.ts'
import { type MethodChoice, type PaymentIntent } from './payment-intent-object.ts'

/** Payment methods of the dashboard may redirect, so confirming them needs a way back. */
export function needReturnUrl({ automatic_payment_methods: automatic }: MethodChoice, parameters: Parameters): void {
  if (automatic?.allow_redirects !== 'always' || textIn(parameters, 'return_url') !== undefined) return
  refuse(
    undefined,
    'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you do not want that, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never`, or name its `payment_method_types`, when you create it.',
  )
}

/** Ends a handler: there is nothing to pay with. */
export function refuseWithoutMethod(intent?: PaymentIntent): never {
  const which = intent === undefined ? 'this PaymentIntent' : `PaymentIntent ${intent.id}`
  return refuse(
    intent === undefined ? undefined : 'payment_intent_unexpected_state',
    `You cannot confirm ${which} because it's missing a payment method. Update the PaymentIntent with a payment method, or pass one with the confirmation.`,
    intent === undefined ? { param: 'payment_method' } : { payment_intent: intent },
  )
}

const verbs: Partial<Record<IntentMove, readonly [string, string]>> = {
  challenge: ['confirm', 'confirmed'],
  capture: ['capture', 'captured'],
  cancel: ['cancel', 'canceled'],
}

/** Ends a handler: from where the intent stands it cannot make this move. */
export function refuseMove(intent: PaymentIntent, move: IntentMove): never {
  const [verb, done] = verbs[move] ?? [move, move]
  const message =
    move === 'challenge' && intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${done}: ${statusesFor(move).join(', ')}.`
  return refuse('payment_intent_unexpected_state', message, { payment_intent: intent })
}
