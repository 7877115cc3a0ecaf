import { type Account, type StripeObject } from './account.ts'
import { refuse } from './error.ts'
import { type Kind } from './kinds.ts'
import { type ListObject } from './objects.ts'
import { type Parameters, textsIn } from './parameters.ts'

/** Fields that hold an id and can hold the object instead, by the kind of object that has them. */
const expandable: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  payment_intent: { customer: 'customer', payment_method: 'payment_method', latest_charge: 'charge' },
  charge: { customer: 'customer', payment_intent: 'payment_intent', balance_transaction: 'balance_transaction' },
  refund: { charge: 'charge', payment_intent: 'payment_intent', balance_transaction: 'balance_transaction' },
  payment_method: { customer: 'customer' },
  price: { product: 'product' },
  product: { default_price: 'price' },
  balance_transaction: { source: 'charge' },
}

/** Fields of nested objects that can be expanded, by kind and path. */
const nested: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Kind>>>>>> = {
  customer: { invoice_settings: { default_payment_method: 'payment_method' } },
}

/** Fields that can be expanded in the document but hold nothing in this mock. */
const empty: Readonly<Record<string, readonly string[]>> = {
  payment_intent: ['application', 'invoice', 'on_behalf_of', 'review', 'transfer_data.destination'],
  charge: [
    'application',
    'application_fee',
    'failure_balance_transaction',
    'invoice',
    'on_behalf_of',
    'review',
    'source_transfer',
    'refunds',
  ],
  refund: ['failure_balance_transaction', 'source_transfer_reversal', 'transfer_reversal'],
  customer: ['default_source', 'test_clock', 'sources', 'subscriptions', 'tax', 'tax_ids', 'cash_balance'],
  product: ['tax_code'],
}

const maxDepth = 4

type Answerable = StripeObject | ListObject

/** The object with what `expand` asks for in place of ids. Nothing is expanded in the stored object. */
export function expanded(account: Account, object: Answerable, parameters: Parameters): Answerable {
  const paths = textsIn(parameters, 'expand')
  if (paths.length === 0) return object
  return paths.reduce<Answerable>((result, path) => {
    const segments = path.split('.')
    if (segments.length > maxDepth)
      refuse(
        undefined,
        `You cannot expand more than ${maxDepth} levels of a property. Property: ${path.slice(0, 100)}`,
        { param: 'expand' },
      )
    return isList(result)
      ? expandedList(account, result, segments, path)
      : expandedField(account, result, segments, path)
  }, object)
}

function expandedList(
  account: Account,
  list: ListObject,
  [first, ...rest]: readonly string[],
  path: string,
): ListObject {
  if (first !== 'data') cannot(path, ` You may want to try expanding 'data.${path.slice(0, 100)}' instead.`)
  if (rest.length === 0) return list
  return { ...list, data: list.data.map((item) => expandedField(account, item, rest, path)) }
}

function expandedField(
  account: Account,
  object: StripeObject,
  [field = '', ...rest]: readonly string[],
  path: string,
): StripeObject {
  const inner = nested[object.object]?.[field]
  if (inner !== undefined)
    return { ...object, [field]: expandedNested(account, object[field] as object, inner, rest, path) }
  const kind = expandable[object.object]?.[field]
  if (kind === undefined) {
    if (empty[object.object]?.some((name) => name === field || name.startsWith(`${field}.`)) === true) return object
    return cannot(path)
  }
  const value = object[field]
  if (value === null || value === undefined) return object
  const target = typeof value === 'string' ? lookup(account, kind, value) : (value as StripeObject)
  if (target === undefined) return object
  return { ...object, [field]: rest.length === 0 ? target : expandedField(account, target, rest, path) }
}

function expandedNested(
  account: Account,
  holder: object,
  fields: Readonly<Record<string, Kind>>,
  [field = '']: readonly string[],
  path: string,
): object {
  const kind = fields[field] ?? cannot(path)
  const id = (holder as Record<string, unknown>)[field]
  return typeof id === 'string' ? { ...holder, [field]: lookup(account, kind, id) ?? id } : holder
}

/** A balance transaction's source may be of two kinds: the id tells. */
function lookup(account: Account, kind: Kind, id: string): StripeObject | undefined {
  return account.of(id.startsWith('re_') ? 'refund' : kind).get(id)
}

function isList(object: Answerable): object is ListObject {
  return object.object === 'list'
}

function cannot(path: string, hint = ''): never {
  refuse(undefined, `This property cannot be expanded (${path.slice(0, 100)}).${hint}`, { param: 'expand' })
}
