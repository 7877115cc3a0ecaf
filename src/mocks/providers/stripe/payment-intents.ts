import { type Account } from './account.ts'
import { create } from './change.ts'
import { capturedCharge, releasedCharge } from './charges.ts'
import { refuse, refuseParameter } from './error.ts'
import { page } from './lists.ts'
import { amountIn, checkAmount, currencyIn, priceText } from './money.ts'
import { type StripeHandler, find } from './objects.ts'
import { flagIn, integerIn, metadataAfter, objectIn, taken, textIn } from './parameters.ts'
import { attempt, moved } from './payment-attempt.ts'
import { intentAfter, isConfirmable, statusesFor } from './payment-intent-machine.ts'
import { type PaymentIntent } from './payment-intent-object.ts'
import {
  captureField,
  captureMethod,
  choiceAfter,
  customerIn,
  methodChoice,
  methodIn,
  plainFields,
  termsIn,
} from './payment-intent-parameters.ts'
import { needReturnUrl, refuseMove, refuseWithoutMethod } from './payment-intent-refusals.ts'

const createIntent: StripeHandler = (call) => {
  const { account, cause, parameters } = call
  const currency = currencyIn(parameters)
  const amount = amountIn(parameters, 'amount', currency)
  const confirm = flagIn(parameters, 'confirm') === true
  if (!confirm) {
    for (const name of ['off_session', 'return_url', 'error_on_requires_action', 'mandate_data'])
      if (parameters[name] !== undefined && flagIn(parameters, name) !== false)
        refuseParameter('parameter_unknown', `You can only pass \`${name}\` when \`confirm=true\`.`, name)
  }
  const customer = customerIn(account, parameters)
  const choice = methodChoice(call, currency)
  if (confirm) needReturnUrl(choice, parameters)
  const given = { ...plainFields(parameters), metadata: metadataAfter({}, parameters) }
  const method = methodIn(call, customer, choice)
  if (confirm && method === undefined) refuseWithoutMethod()

  const id = account.newId('pi')
  const intent: PaymentIntent = {
    id,
    object: 'payment_intent',
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: integerIn(parameters, 'application_fee_amount') ?? null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod(parameters) ?? 'automatic',
    client_secret: `${id}_secret_${account.draw('client_secret', 25)}`,
    confirmation_method: textIn(parameters, 'confirmation_method') === 'manual' ? 'manual' : 'automatic',
    created: account.seconds(),
    currency,
    customer,
    description: null,
    invoice: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    next_action: null,
    on_behalf_of: null,
    payment_method: method?.id ?? null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic',
        ...taken(objectIn(objectIn(parameters, 'payment_method_options'), 'card'), [
          'network',
          'request_three_d_secure',
        ]),
      },
    },
    ...choice,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
    ...given,
    status: method === undefined ? 'requires_payment_method' : 'requires_confirmation',
  }
  create(account, intent, cause)
  return confirm && method !== undefined ? attempt(account, intent, method, termsIn(parameters), cause) : intent
}

const confirmIntent: StripeHandler = (call) => {
  const { account, cause, id, parameters } = call
  const intent = findIntent(account, id)
  if (!isConfirmable(intent.status)) refuseMove(intent, 'challenge')
  const choice = choiceAfter(intent, parameters)
  needReturnUrl(choice, parameters)
  const fields = { ...plainFields(parameters), ...captureField(parameters), ...choice }
  const method =
    methodIn(call, intent.customer, choice) ??
    (intent.payment_method === null ? undefined : find(account, 'payment_method', intent.payment_method))
  if (method === undefined) return refuseWithoutMethod(intent)
  return attempt(account, { ...intent, ...fields }, method, termsIn(parameters), cause)
}

const captureIntent: StripeHandler = ({ account, cause, id, parameters }) => {
  const intent = findIntent(account, id)
  if (intentAfter(intent.status, 'capture') === undefined) refuseMove(intent, 'capture')
  const amount = checkAmount(
    integerIn(parameters, 'amount_to_capture') ?? intent.amount_capturable,
    'amount_to_capture',
  )
  if (amount > intent.amount_capturable)
    refuse(
      'amount_too_large',
      `The amount ${priceText(amount, intent.currency)} is more than the ${priceText(intent.amount_capturable, intent.currency)} that can be captured.`,
      { param: 'amount_to_capture' },
    )
  const fields = {
    ...taken(parameters, ['statement_descriptor', 'statement_descriptor_suffix']),
    metadata: metadataAfter(intent.metadata, parameters),
    amount_capturable: 0,
    amount_received: amount,
  }
  capturedCharge(account, find(account, 'charge', intent.latest_charge as string), amount, cause)
  return moved(account, intent, 'capture', fields, cause)
}

const cancelIntent: StripeHandler = ({ account, cause, id, parameters }) => {
  const intent = findIntent(account, id)
  if (intentAfter(intent.status, 'cancel') === undefined) refuseMove(intent, 'cancel')
  if (intent.status === 'requires_capture')
    releasedCharge(account, find(account, 'charge', intent.latest_charge as string), cause)
  const fields = {
    amount_capturable: 0,
    canceled_at: account.seconds(),
    cancellation_reason: textIn(parameters, 'cancellation_reason') ?? null,
    next_action: null,
  }
  return moved(account, intent, 'cancel', fields, cause)
}

/** Money and method can change until the bank has been asked; words about the payment always. */
const updateIntent: StripeHandler = (call) => {
  const { account, cause, id, parameters } = call
  const intent = findIntent(account, id)
  const settled = intentAfter(intent.status, 'provide') === undefined
  for (const name of [
    'amount',
    'currency',
    'customer',
    'payment_method',
    'payment_method_data',
    'payment_method_types',
    'capture_method',
  ])
    if (settled && parameters[name] !== undefined)
      refuse(
        'payment_intent_unexpected_state',
        `This PaymentIntent's ${name} could not be updated because it has a status of ${intent.status}. You may only update the ${name} of a PaymentIntent with one of the following statuses: ${statusesFor('provide').join(', ')}.`,
        { param: name, payment_intent: intent },
      )
  const currency = textIn(parameters, 'currency') === undefined ? intent.currency : currencyIn(parameters)
  const amount = parameters['amount'] === undefined ? intent.amount : amountIn(parameters, 'amount', currency)
  const customer = customerIn(account, parameters) ?? intent.customer
  const choice = choiceAfter(intent, parameters)
  const fields: Partial<PaymentIntent> = {
    ...plainFields(parameters),
    ...captureField(parameters),
    ...choice,
    amount,
    currency,
    customer,
    metadata: metadataAfter(intent.metadata, parameters),
  }
  const method = methodIn(call, customer, choice)
  // Stripe has no event for a change that leaves the status alone.
  if (method !== undefined)
    return moved(account, intent, 'provide', { ...fields, payment_method: method.id, next_action: null }, cause)
  const after: PaymentIntent = { ...intent, ...fields }
  return account.keep(after, 'updated', cause)
}

export const paymentIntentHandlers: Readonly<Record<string, StripeHandler>> = {
  'POST /v1/payment_intents': createIntent,
  'GET /v1/payment_intents': (call) =>
    page(call, 'payment_intent', { url: '/v1/payment_intents', equal: ['customer'] }),
  'GET /v1/payment_intents/{}': ({ account, id, parameters }) => {
    const intent = findIntent(account, id)
    const secret = textIn(parameters, 'client_secret')
    if (secret !== undefined && secret !== intent.client_secret)
      refuse(
        'payment_intent_invalid_parameter',
        'The client_secret provided does not match the client_secret associated with this PaymentIntent.',
        { param: 'client_secret' },
      )
    return intent
  },
  'POST /v1/payment_intents/{}': updateIntent,
  'POST /v1/payment_intents/{}/confirm': confirmIntent,
  'POST /v1/payment_intents/{}/capture': captureIntent,
  'POST /v1/payment_intents/{}/cancel': cancelIntent,
}

function findIntent(account: Account, id: string): PaymentIntent {
  return find(account, 'payment_intent', id)
}
