import { Refused } from '../../refusal.ts'
import { type Account, type Cause } from './account.ts'
import { update } from './change.ts'
import { refuse, stripeRefusal } from './error.ts'
import { page } from './lists.ts'
import { type Call, type ListObject, type StripeHandler, find, noSuch } from './objects.ts'
import { integerIn, metadataAfter, objectIn, requiredText, textIn } from './parameters.ts'
import { type PaymentMethod, paymentMethodFrom, paymentMethodNamed, testCardOf } from './payment-method-object.ts'
import { type TestCard, declineMessage } from './test-cards.ts'
import { fullBilling } from './address.ts'

/** The payment method that an id or a ready-made name stands for. A ready-made one becomes a new, kept object. */
export function resolvePaymentMethod(account: Account, id: string, cause: Cause, param?: string): PaymentMethod {
  const known = account.store.of<PaymentMethod>('payment_method').get(id)
  if (known !== undefined) return known
  const made = paymentMethodNamed(account, id)
  if (made === undefined) return noSuch('payment_method', id, param)
  return account.keep(made, 'created', cause)
}

/** Keeps a payment method for a customer. Most cards that would decline a charge decline this, too. */
export function attached(account: Account, id: string, customer: string, cause: Cause): PaymentMethod {
  const known = account.store.of<PaymentMethod>('payment_method').get(id) ?? paymentMethodNamed(account, id)
  if (known === undefined) return noSuch('payment_method', id, 'payment_method')
  if (known.customer === customer) return known
  if (known.customer !== null)
    refuse(
      'payment_method_already_attached',
      'The payment method you provided has already been attached to a customer.',
      { param: 'payment_method' },
    )
  const card = testCardOf(account, known)
  if (card?.decline !== undefined && card.attachable !== true) throw new Refused(cardRefusal(card))
  return update(account, known, { customer }, cause, 'payment_method.attached')
}

/** Takes a payment method from its customer. */
export function detached(account: Account, method: PaymentMethod, cause: Cause): PaymentMethod {
  return update(account, method, { customer: null }, cause, 'payment_method.detached')
}

function cardRefusal({ decline }: TestCard) {
  const { code, declineCode } = decline ?? { code: 'card_declined' as const, declineCode: 'generic_decline' }
  const fields = declineCode === undefined ? {} : { decline_code: declineCode }
  return stripeRefusal(
    402,
    'card_error',
    code,
    declineMessage({ code, ...(declineCode === undefined ? {} : { declineCode }) }),
    { ...fields, param: '' },
  )
}

const updatePaymentMethod: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = find<PaymentMethod>(account, 'payment_method', id)
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
    card: {
      ...before.card,
      ...(expMonth === undefined ? {} : { exp_month: expMonth }),
      ...(expYear === undefined ? {} : { exp_year: expYear }),
    },
  }
  return update(account, before, fields, cause, 'payment_method.updated')
}

/** Ready-made payment methods can be looked at without being made. */
const retrievePaymentMethod: StripeHandler = ({ account, id }) => {
  const known = account.store.of<PaymentMethod>('payment_method').get(id)
  return known ?? noSuch('payment_method', id)
}

const listOfCustomer = (call: Call, customer: string, url: string): ListObject => {
  find(call.account, 'customer', customer, 'customer')
  return page<PaymentMethod>({ ...call, parameters: { ...call.parameters, customer } }, 'payment_method', {
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
    return page<PaymentMethod>(call, 'payment_method', {
      url: '/v1/payment_methods',
      equal: ['type'],
      where: (method) => method.customer !== null,
    })
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
    const method = find<PaymentMethod>(account, 'payment_method', id)
    if (method.customer === null)
      refuse(undefined, 'The payment method you provided is not attached to a customer so detachment is impossible.', {
        param: 'payment_method',
      })
    return detached(account, method, cause)
  },
}
