import { stripePaymentMethodTypes } from '../../../providers/stripe-payment-methods.ts'
import { type Account } from './account.ts'
import { fullShipping } from './address.ts'
import { findCustomer } from './customers.ts'
import { refuse, refuseParameter } from './error.ts'
import { type Call } from './objects.ts'
import { type Parameters, emailField, flagIn, objectIn, shown, taken, textIn, textsIn } from './parameters.ts'
import { type AttemptTerms } from './payment-attempt.ts'
import { type MethodChoice, type PaymentIntent } from './payment-intent-object.ts'
import { type PaymentMethod, paymentMethodFrom } from './payment-method-object.ts'
import { resolvePaymentMethod } from './payment-methods.ts'

/** The customer that a request names, or null. */
export function customerIn(account: Account, parameters: Parameters): string | null {
  const id = textIn(parameters, 'customer')
  return id === undefined ? null : findCustomer(account, id, 'customer').id
}

/** The payment method that a request names or describes. One that belongs to a customer pays only for that customer. */
export function methodIn(
  { account, cause, parameters }: Call,
  customer: string | null,
  { payment_method_types: types }: MethodChoice,
): PaymentMethod | undefined {
  const id = textIn(parameters, 'payment_method')
  const data = objectIn(parameters, 'payment_method_data')
  if (id === undefined && Object.keys(data).length === 0) return undefined
  const method =
    id === undefined ? paymentMethodFrom(account, data) : resolvePaymentMethod(account, id, 'payment_method')
  requireType(method, types)
  if (method.customer !== null && method.customer !== customer)
    refuse(
      undefined,
      customer === null
        ? 'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.'
        : 'The payment method supplied does not belong to the Customer you supplied. Please use this payment method with the Customer that it belongs to instead.',
      { param: 'payment_method' },
    )
  return account.of('payment_method').get(method.id) ?? account.keep(method, 'created', cause)
}

function requireType({ type }: PaymentMethod, types: readonly string[]): void {
  if (types.includes(type)) return
  refuse(
    undefined,
    `The PaymentMethod provided (${type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: ${types.join(', ')}, or add ${type} to \`payment_method_types\`.`,
    { param: 'payment_method' },
  )
}

/** How a request wants its confirmation done. */
export function termsIn(parameters: Parameters): AttemptTerms {
  const offSession = parameters['off_session']
  return {
    offSession: offSession === true || offSession === 'true' || offSession === 'one_off' || offSession === 'recurring',
    errorOnAction: flagIn(parameters, 'error_on_requires_action') === true,
    returnUrl: textIn(parameters, 'return_url'),
  }
}

/**
 * From this version on the dashboard chooses the payment methods of an intent that names none; before, it was cards
 * (docs.stripe.com, "Manage default payment methods in the Dashboard", read 2026-11-29).
 */
const automaticSince = '2023-08-16'

/** What a new intent can be paid with. */
export function methodChoice({ parameters, apiVersion }: Call, currency: string): MethodChoice {
  const named = methodTypes(parameters)
  const sent = objectIn(parameters, 'automatic_payment_methods')
  const automatic = flagIn(sent, 'enabled') ?? (named === undefined && apiVersion >= automaticSince)
  const redirects = textIn(sent, 'allow_redirects') === 'never' ? 'never' : 'always'
  return {
    automatic_payment_methods: automatic ? { allow_redirects: redirects, enabled: true } : null,
    payment_method_types: named ?? (automatic && currency === 'usd' ? ['card', 'us_bank_account'] : ['card']),
  }
}

/** What an intent can be paid with after a request. Where that names types, the dashboard chooses no more. */
export function choiceAfter(
  { automatic_payment_methods, payment_method_types }: MethodChoice,
  parameters: Parameters,
): MethodChoice {
  const named = methodTypes(parameters)
  if (named !== undefined) return { automatic_payment_methods: null, payment_method_types: named }
  return { automatic_payment_methods, payment_method_types }
}

/** How the money is to be taken, where a request says so. */
export function captureMethod(parameters: Parameters): PaymentIntent['capture_method'] | undefined {
  const method = textIn(parameters, 'capture_method')
  return method === 'manual' || method === 'automatic_async' || method === 'automatic' ? method : undefined
}

/** The same as a field to take over. */
export function captureField(parameters: Parameters): Partial<PaymentIntent> {
  const method = captureMethod(parameters)
  return method === undefined ? {} : { capture_method: method }
}

const knownTypes = new Set(stripePaymentMethodTypes)

/** The types of payment method that a request allows, where it says so. */
function methodTypes(parameters: Parameters): readonly string[] | undefined {
  const types = textsIn(parameters, 'payment_method_types')
  const unknown = types.find((type) => !knownTypes.has(type))
  if (unknown !== undefined)
    refuseParameter(
      'payment_intent_invalid_parameter',
      `The payment method type "${shown(unknown)}" is invalid. Please ensure the provided type is activated in your dashboard.`,
      'payment_method_types',
    )
  return types.length === 0 ? undefined : types
}

/** Fields that are taken over as they are. */
export function plainFields(parameters: Parameters): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    ...taken(parameters, [
      'description',
      'setup_future_usage',
      'statement_descriptor',
      'statement_descriptor_suffix',
      'transfer_group',
    ]),
    ...emailField(parameters, 'receipt_email'),
  }
  const shipping = objectIn(parameters, 'shipping')
  if (Object.keys(shipping).length > 0) fields['shipping'] = fullShipping(shipping)
  return fields
}
