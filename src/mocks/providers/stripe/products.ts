import { type StripeObject } from './account.ts'
import { create, update } from './change.ts'
import { refuse } from './error.ts'
import { type Stub } from './kinds.ts'
import { page } from './lists.ts'
import { type StripeHandler, all, find } from './objects.ts'
import {
  type Parameters,
  flagIn,
  listIn,
  metadataAfter,
  objectIn,
  requiredText,
  taken,
  textIn,
  textsIn,
} from './parameters.ts'
import { newPrice } from './prices.ts'

export interface Product extends StripeObject {
  readonly object: 'product'
  readonly active: boolean
  readonly default_price: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly url: string | null
}

const createProduct: StripeHandler = ({ account, cause, parameters }) => {
  const name = requiredText(parameters, 'name')
  const id = textIn(parameters, 'id') ?? account.newId('prod', 14)
  if (account.of('product').get(id) !== undefined)
    refuse('resource_already_exists', `Product already exists: ${id.slice(0, 100)}`, { param: 'id' })
  const created = account.seconds()
  const product: Product = {
    id,
    object: 'product',
    active: true,
    created,
    default_price: null,
    description: null,
    features: [],
    images: [],
    livemode: false,
    name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    unit_label: null,
    updated: created,
    url: null,
    ...fieldsIn(parameters),
    metadata: metadataAfter({}, parameters),
  }
  const priceData = objectIn(parameters, 'default_price_data')
  if (Object.keys(priceData).length === 0) return create(account, product, cause)
  const price = newPrice(account, priceData, id)
  create(account, { ...product, default_price: price.id }, cause)
  create(account, price, cause)
  return find(account, 'product', id)
}

const updateProduct: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = find(account, 'product', id)
  const defaultPrice = textIn(parameters, 'default_price')
  if (defaultPrice !== undefined) find(account, 'price', defaultPrice, 'default_price')
  const fields = {
    ...fieldsIn(parameters),
    ...(defaultPrice === undefined ? {} : { default_price: defaultPrice }),
    metadata: metadataAfter(before.metadata, parameters),
    updated: account.seconds(),
  }
  return update(account, before, fields, cause, 'product.updated')
}

const deleteProduct: StripeHandler = ({ account, cause, id }) => {
  const product = find(account, 'product', id)
  if (all(account, 'price').some((price) => price.product === id))
    refuse(undefined, 'This product cannot be deleted because it has one or more user-created prices.')
  const stub: Stub = { id, object: 'product', deleted: true }
  account.keep(stub, 'deleted', cause)
  account.tell('product.deleted', product, cause)
  return stub
}

export const productHandlers: Readonly<Record<string, StripeHandler>> = {
  'POST /v1/products': createProduct,
  'GET /v1/products': (call) => {
    const active = flagIn(call.parameters, 'active')
    const ids = textsIn(call.parameters, 'ids')
    return page(call, 'product', {
      url: '/v1/products',
      equal: ['url'],
      where: (product) =>
        (active === undefined || product.active === active) && (ids.length === 0 || ids.includes(product.id)),
    })
  },
  'GET /v1/products/{}': ({ account, id }) => find(account, 'product', id),
  'POST /v1/products/{}': updateProduct,
  'DELETE /v1/products/{}': deleteProduct,
}

function fieldsIn(parameters: Parameters): Record<string, unknown> {
  const active = flagIn(parameters, 'active')
  const shippable = flagIn(parameters, 'shippable')
  return {
    ...taken(parameters, [
      'description',
      'name',
      'package_dimensions',
      'statement_descriptor',
      'tax_code',
      'unit_label',
      'url',
    ]),
    ...(active === undefined ? {} : { active }),
    ...(shippable === undefined ? {} : { shippable }),
    ...(parameters['images'] === undefined ? {} : { images: listIn(parameters, 'images') }),
    ...(parameters['features'] === undefined ? {} : { features: listIn(parameters, 'features') }),
  }
}
