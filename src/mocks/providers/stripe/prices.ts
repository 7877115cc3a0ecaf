import { type Account, type StripeObject } from './account.ts'
import { create, update } from './change.ts'
import { refuse, refuseParameter } from './error.ts'
import { page } from './lists.ts'
import { currencyIn } from './money.ts'
import { type StripeHandler, all, find } from './objects.ts'
import {
  type Parameters,
  flagIn,
  integerIn,
  metadataAfter,
  objectIn,
  requiredText,
  taken,
  textIn,
  textsIn,
} from './parameters.ts'

export interface Price extends StripeObject {
  readonly object: 'price'
  readonly active: boolean
  readonly currency: string
  readonly lookup_key: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly product: string
  readonly recurring: Readonly<Record<string, unknown>> | null
  readonly type: 'one_time' | 'recurring'
}

const createPrice: StripeHandler = ({ account, cause, parameters }) => {
  currencyIn(parameters)
  const data = objectIn(parameters, 'product_data')
  const named = textIn(parameters, 'product')
  if (named === undefined && Object.keys(data).length === 0)
    refuseParameter(
      'parameter_missing',
      'You must specify either `product` or `product_data` when creating a price.',
      'product',
    )
  if (named !== undefined)
    return create(account, newPrice(account, parameters, find(account, 'product', named, 'product').id), cause)

  const name = requiredText(data, 'name')
  const price = newPrice(account, parameters, textIn(data, 'id') ?? account.newId('prod', 14))
  const product: StripeObject = {
    id: price.product,
    object: 'product',
    active: true,
    created: price['created'],
    default_price: null,
    description: null,
    features: [],
    images: [],
    livemode: false,
    metadata: metadataAfter({}, data),
    name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: textIn(data, 'statement_descriptor') ?? null,
    tax_code: null,
    unit_label: textIn(data, 'unit_label') ?? null,
    updated: price['created'],
    url: null,
  }
  create(account, product, cause)
  return create(account, price, cause)
}

/** A price that is not kept yet. */
export function newPrice(account: Account, parameters: Parameters, product: string): Price {
  const currency = currencyIn(parameters)
  const amount = unitAmount(parameters)
  const recurring = objectIn(parameters, 'recurring')
  const isRecurring = Object.keys(recurring).length > 0
  const lookupKey = textIn(parameters, 'lookup_key') ?? null
  if (lookupKey !== null && all(account, 'price').some((price) => price.active && price.lookup_key === lookupKey))
    refuse('resource_already_exists', `A price (lookup key ${lookupKey.slice(0, 60)}) already uses that lookup key.`, {
      param: 'lookup_key',
    })
  return {
    id: account.newId('price'),
    object: 'price',
    active: flagIn(parameters, 'active') ?? true,
    billing_scheme: 'per_unit',
    created: account.seconds(),
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: lookupKey,
    metadata: metadataAfter({}, parameters),
    nickname: textIn(parameters, 'nickname') ?? null,
    product,
    recurring: isRecurring
      ? {
          aggregate_usage: textIn(recurring, 'aggregate_usage') ?? null,
          interval: requiredText(recurring, 'interval'),
          interval_count: integerIn(recurring, 'interval_count') ?? 1,
          usage_type: textIn(recurring, 'usage_type') ?? 'licensed',
        }
      : null,
    tax_behavior: textIn(parameters, 'tax_behavior') ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: isRecurring ? 'recurring' : 'one_time',
    ...amount,
  }
}

function unitAmount(parameters: Parameters): { unit_amount: number | null; unit_amount_decimal: string } {
  const whole = integerIn(parameters, 'unit_amount')
  const decimal = parameters['unit_amount_decimal']
  const text = typeof decimal === 'number' ? `${decimal}` : decimal
  if (whole !== undefined) {
    if (whole < 0)
      refuseParameter('parameter_invalid_integer', 'This value must be greater than or equal to 0.', 'unit_amount')
    return { unit_amount: whole, unit_amount_decimal: String(whole) }
  }
  if (typeof text !== 'string' || !/^\d+(\.\d{1,12})?$/.test(text))
    refuseParameter(
      'parameter_missing',
      'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.',
      'unit_amount',
    )
  const number = Number(text)
  return { unit_amount: Number.isInteger(number) ? number : null, unit_amount_decimal: text }
}

const updatePrice: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = find(account, 'price', id)
  const active = flagIn(parameters, 'active')
  const fields = {
    ...taken(parameters, ['nickname', 'lookup_key', 'tax_behavior']),
    ...(active === undefined ? {} : { active }),
    metadata: metadataAfter(before.metadata, parameters),
  }
  return update(account, before, fields, cause, 'price.updated')
}

export const priceHandlers: Readonly<Record<string, StripeHandler>> = {
  'POST /v1/prices': createPrice,
  'GET /v1/prices': (call) => {
    const active = flagIn(call.parameters, 'active')
    const lookupKeys = textsIn(call.parameters, 'lookup_keys')
    return page(call, 'price', {
      url: '/v1/prices',
      equal: ['product', 'type', 'currency'],
      where: (price) =>
        (active === undefined || price.active === active) &&
        (lookupKeys.length === 0 || (price.lookup_key !== null && lookupKeys.includes(price.lookup_key))),
    })
  },
  'GET /v1/prices/{}': ({ account, id }) => find(account, 'price', id),
  'POST /v1/prices/{}': updatePrice,
}
