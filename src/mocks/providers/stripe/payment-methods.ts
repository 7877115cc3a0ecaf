import { Refused, type Refusal } from '../../refusal.ts'
import { type Account, type Cause } from './account.ts'
import { update } from './change.ts'
import { refuse, stripeRefusal } from './error.ts'
import { page } from './lists.ts'
import { type Call, type ListObject, type StripeHandler, find, noSuch } from './objects.ts'
import { integerIn, metadataAfter, objectIn, requiredText, textIn } from './parameters.ts'
import { type PaymentMethod, paymentMethodFrom, paymentMethodNamed, conductOf } from './payment-method-object.ts'
import { type Decline, declineMessage } from './conduct.ts'
import { fullBilling } from './address.ts'

/** The payment method that an id or a ready-made name stands for. A ready-made one is new and not kept yet. */
export function resolvePaymentMethod(account: Account, id: string, param: string): PaymentMethod {
  return account.of('payment_method').get(id) ?? paymentMethodNamed(account, id) ?? noSuch('payment_method', id, param)
}

/** Keeps a payment method for a customer. Most cards that would decline a charge decline this, too. */
export function attached(account: Account, id: string, customer: string, cause: Cause): PaymentMethod {
  const known = resolvePaymentMethod(account, id, 'payment_method')
  if (known.customer === customer) return known
  if (known.customer !== null)
    refuse(
      'payment_method_already_attached',
      'The payment method you provided has already been attached to a customer.',
      { param: 'payment_method' },
    )
  const { decline, attachable } = conductOf(account, known)
  if (decline !== undefined && attachable !== true) throw new Refused(cardRefusal(decline))
  return update(account, known, { customer }, cause, 'payment_method.attached')
}

/** Takes a payment method from its customer. */
export function detached(account: Account, method: PaymentMethod, cause: Cause): PaymentMethod {
  return update(account, method, { customer: null }, cause, 'payment_method.detached')
}

function cardRefusal(decline: Decline): Refusal {
  const { code, declineCode } = decline
  const fields = declineCode === undefined ? {} : { decline_code: declineCode }
  return stripeRefusal(402, 'card_error', code, declineMessage(decline), { ...fields, param: '' })
}

const updatePaymentMethod: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = find(account, 'payment_method', id)
  if (before.customer === null)
    refuse(undefined, 'You must save this PaymentMethod to a customer before you can update it.', {
      param: 'payment_method',
    })
  const card = objectIn(parameters, 'card')
  const expMonth = integerIn(card, 'exp_month')
  const expYear = integerIn(card, 'exp_year')
  const billing = objectIn(parameters, 'billing_details')
  const fields = {
    metadata: metadataAfter(before.metadata, parameters),
    billing_details: fullBilling({
      ...before.billing_details,
      ...billing,
      address: { ...objectIn(before.billing_details, 'address'), ...objectIn(billing, 'address') },
    }),
    ...(before.card === undefined
      ? {}
      : {
          card: {
            ...before.card,
            exp_month: expMonth ?? before.card['exp_month'],
            exp_year: expYear ?? before.card['exp_year'],
          },
        }),
  }
  return update(account, before, fields, cause, 'payment_method.updated')
}

/** Ready-made payment methods can be looked at without being made. */
const retrievePaymentMethod: StripeHandler = ({ account, id }) => {
  const known = account.of('payment_method').get(id)
  return known ?? noSuch('payment_method', id)
}

const listOfCustomer = (call: Call, customer: string, url: string): ListObject => {
  find(call.account, 'customer', customer, 'customer')
  return page({ ...call, parameters: { ...call.parameters, customer } }, 'payment_method', {
    url,
    equal: ['customer', 'type'],
  })
}

export const paymentMethodHandlers: Readonly<Record<string, StripeHandler>> = {
  'POST /v1/payment_methods': ({ account, cause, parameters }) =>
    account.keep(paymentMethodFrom(account, parameters), 'created', cause),
  'GET /v1/payment_methods': (call) => {
    const customer = textIn(call.parameters, 'customer')
    if (customer !== undefined) return listOfCustomer(call, customer, '/v1/payment_methods')
    return page(call, 'payment_method', {
      url: '/v1/payment_methods',
      equal: ['type'],
      where: (method) => method.customer !== null,
    })
  },
  'GET /v1/customers/{}/payment_methods/{}': ({ account, ids: [customer = '', id = ''] }) => {
    find(account, 'customer', customer, 'customer')
    const method = find(account, 'payment_method', id)
    return method.customer === customer ? method : noSuch('payment_method', id)
  },
  'GET /v1/customers/{}/payment_methods': (call) =>
    listOfCustomer(call, call.id, `/v1/customers/${call.id}/payment_methods`),
  'GET /v1/payment_methods/{}': retrievePaymentMethod,
  'POST /v1/payment_methods/{}': updatePaymentMethod,
  'POST /v1/payment_methods/{}/attach': ({ account, cause, id, parameters }) => {
    const customer = requiredText(parameters, 'customer')
    find(account, 'customer', customer, 'customer')
    return attached(account, id, customer, cause)
  },
  'POST /v1/payment_methods/{}/detach': ({ account, cause, id }) => {
    const method = find(account, 'payment_method', id)
    if (method.customer === null)
      refuse(undefined, 'The payment method you provided is not attached to a customer so detachment is impossible.', {
        param: 'payment_method',
      })
    return detached(account, method, cause)
  },
}
