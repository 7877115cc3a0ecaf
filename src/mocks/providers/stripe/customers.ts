import { isNode } from '../../../openapi/model.ts'
import { type Account, type StripeObject } from './account.ts'
import { fullAddress, fullShipping } from './address.ts'
import { create, update } from './change.ts'
import { type Stub } from './kinds.ts'
import { page } from './lists.ts'
import { type StripeHandler, all, find, noSuch } from './objects.ts'
import { type Parameters, emailField, integerIn, listIn, metadataAfter, objectIn, taken, textIn } from './parameters.ts'
import { attached, detached } from './payment-methods.ts'

export interface Customer extends StripeObject {
  readonly object: 'customer'
  readonly email: string | null
  readonly invoice_settings: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, string>>
}

const plainFields = ['address', 'description', 'name', 'phone', 'shipping', 'tax_exempt'] as const

const createCustomer: StripeHandler = ({ account, cause, parameters }) => {
  const customer: Customer = {
    id: account.newId('cus', 14),
    object: 'customer',
    address: null,
    balance: integerIn(parameters, 'balance') ?? 0,
    created: account.seconds(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: textIn(parameters, 'invoice_prefix') ?? account.draw('invoice_prefix', 8, '0123456789ABCDEF'),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    name: null,
    next_invoice_sequence: integerIn(parameters, 'next_invoice_sequence') ?? 1,
    phone: null,
    preferred_locales: listIn(parameters, 'preferred_locales'),
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...fieldsIn(parameters),
    metadata: metadataAfter({}, parameters),
  }
  const wanted = textIn(parameters, 'payment_method')
  const settings = objectIn(parameters, 'invoice_settings')
  const attach = wanted === undefined ? undefined : attached(account, wanted, customer.id, cause)
  const chosen = textIn(settings, 'default_payment_method')
  const defaultMethod = chosen === undefined ? null : chosen === wanted ? (attach?.id ?? null) : chosen
  return create(account, withSettings(customer, { ...settings, default_payment_method: defaultMethod }), cause)
}

const updateCustomer: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = findCustomer(account, id)
  const settings = objectIn(parameters, 'invoice_settings')
  const chosen = textIn(settings, 'default_payment_method')
  if (chosen !== undefined) {
    const method = find(account, 'payment_method', chosen, 'invoice_settings[default_payment_method]')
    if (method.customer !== id) noSuch('payment_method', chosen, 'invoice_settings[default_payment_method]')
  }
  const balance = integerIn(parameters, 'balance')
  const fields = {
    ...fieldsIn(parameters),
    ...(balance === undefined ? {} : { balance }),
    ...(parameters['preferred_locales'] === undefined
      ? {}
      : { preferred_locales: listIn(parameters, 'preferred_locales') }),
    metadata: metadataAfter(before.metadata, parameters),
    invoice_settings: withSettings(before, settings).invoice_settings,
  }
  return update(account, before, fields, cause, 'customer.updated')
}

const deleteCustomer: StripeHandler = ({ account, cause, id }) => {
  const customer = findCustomer(account, id)
  const stub: Stub = { id, object: 'customer', deleted: true }
  for (const method of all(account, 'payment_method')) if (method.customer === id) detached(account, method, cause)
  account.keep(stub, 'deleted', cause)
  account.tell('customer.deleted', customer, cause)
  return stub
}

/** A deleted customer is still answered, as the stub that is left of it. */
const retrieveCustomer: StripeHandler = ({ account, id }) => account.of('customer').get(id) ?? noSuch('customer', id)

export const customerHandlers: Readonly<Record<string, StripeHandler>> = {
  'POST /v1/customers': createCustomer,
  'GET /v1/customers': (call) => page(call, 'customer', { url: '/v1/customers', equal: ['email'] }),
  'GET /v1/customers/{}': retrieveCustomer,
  'POST /v1/customers/{}': updateCustomer,
  'DELETE /v1/customers/{}': deleteCustomer,
}

/** The customer with an id, unless it was deleted. */
export function findCustomer(account: Account, id: string, param?: string): Customer {
  return find(account, 'customer', id, param)
}

function fieldsIn(parameters: Parameters): Record<string, unknown> {
  const fields = { ...taken(parameters, plainFields), ...emailField(parameters, 'email') }
  if (isNode(fields['address'])) fields['address'] = fullAddress(fields['address'])
  const { shipping } = fields
  if (isNode(shipping)) fields['shipping'] = fullShipping(shipping)
  return fields
}

function withSettings(customer: Customer, settings: Parameters): Customer {
  const taken = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value === '' ? null : value]))
  return Object.keys(taken).length === 0
    ? customer
    : { ...customer, invoice_settings: { ...customer.invoice_settings, ...taken } }
}
