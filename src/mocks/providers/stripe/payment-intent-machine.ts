/** Where a payment intent stands. */
export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled'

/**
 * What can happen to a payment intent. `provide`: it gets a payment method. `challenge`: the customer must
 * act. `wait`: the bank takes its time. `authorize`: approved, to be captured later.
 */
export type IntentMove = 'provide' | 'challenge' | 'wait' | 'approve' | 'authorize' | 'decline' | 'capture' | 'cancel'

/** What a confirmation can lead to. */
const attempts = {
  challenge: 'requires_action',
  wait: 'processing',
  approve: 'succeeded',
  authorize: 'requires_capture',
  decline: 'requires_payment_method',
} as const

const open = { ...attempts, provide: 'requires_confirmation', cancel: 'canceled' } as const

/**
 * Stripe's life of a payment intent (docs.stripe.com, "How PaymentIntents work", read 2026-11-21). What is
 * not in the table is refused.
 */
export const intentMoves: Readonly<Record<IntentStatus, Readonly<Partial<Record<IntentMove, IntentStatus>>>>> = {
  requires_payment_method: open,
  requires_confirmation: open,
  requires_action: open,
  processing: {
    approve: 'succeeded',
    authorize: 'requires_capture',
    decline: 'requires_payment_method',
    cancel: 'canceled',
  },
  requires_capture: { capture: 'succeeded', cancel: 'canceled' },
  succeeded: {},
  canceled: {},
}

/** The event that tells the world of a move. */
export const intentEvents: Readonly<Partial<Record<IntentMove, string>>> = {
  challenge: 'payment_intent.requires_action',
  wait: 'payment_intent.processing',
  approve: 'payment_intent.succeeded',
  authorize: 'payment_intent.amount_capturable_updated',
  decline: 'payment_intent.payment_failed',
  capture: 'payment_intent.succeeded',
  cancel: 'payment_intent.canceled',
}

/** Where a move leads, or nothing where the intent must not make it. */
export function intentAfter(status: IntentStatus, move: IntentMove): IntentStatus | undefined {
  return intentMoves[status][move]
}

/** Whether a client may confirm an intent that stands here: the bank's answer and a capture are not for it to give. */
export function isConfirmable(status: IntentStatus): boolean {
  return intentAfter(status, 'challenge') !== undefined
}

/** The statuses in which a move is possible, as refusals list them. */
export function statusesFor(move: IntentMove): readonly IntentStatus[] {
  return (Object.keys(intentMoves) as IntentStatus[]).filter((status) => intentAfter(status, move) !== undefined)
}
