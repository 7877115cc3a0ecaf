import { describe, expect, test } from 'vitest'
import { stripeWorld } from './stripe-world.ts'

describe('a customer', () => {
  test('is created, changed, read and deleted, and tells of it', async () => {
    const { post, get, del, events, mock } = await stripeWorld()
    const { body: customer } = await post('/v1/customers', {
      email: 'ada@shop.test',
      name: 'Ada',
      address: { city: 'Leeds', country: 'GB' },
      metadata: { shop_id: '1043' },
    })
    expect(customer.id).toMatch(/^cus_[A-Za-z0-9]{14}$/)
    expect(customer.address).toEqual({
      city: 'Leeds',
      country: 'GB',
      line1: null,
      line2: null,
      postal_code: null,
      state: null,
    })

    const { body: changed } = await post(`/v1/customers/${customer.id}`, { name: '', metadata: { vip: 'yes' } })
    expect(changed).toMatchObject({ name: null, email: 'ada@shop.test', metadata: { shop_id: '1043', vip: 'yes' } })
    const told = mock.objects('event').at(-1) as { data: { previous_attributes: object } }
    expect(told.data.previous_attributes).toEqual({ name: 'Ada', metadata: { shop_id: '1043' } })

    expect((await del(`/v1/customers/${customer.id}`)).body).toEqual({
      id: customer.id,
      object: 'customer',
      deleted: true,
    })
    expect((await get(`/v1/customers/${customer.id}`)).body.deleted).toBe(true)
    expect((await post(`/v1/customers/${customer.id}`, { name: 'Eve' })).status).toBe(404)
    expect((await get('/v1/customers')).body.data).toEqual([])
    expect(events()).toEqual(['customer.created', 'customer.updated', 'customer.deleted'])
  })

  test('that is not changed by an update tells of nothing', async () => {
    const { post, events } = await stripeWorld()
    const { body } = await post('/v1/customers', { name: 'Ada' })
    await post(`/v1/customers/${body.id}`, { name: 'Ada' })
    expect(events()).toEqual(['customer.created'])
  })

  test('can be created with a payment method', async () => {
    const { post, get } = await stripeWorld()
    const { body } = await post('/v1/customers', {
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    const { body: methods } = await get(`/v1/customers/${body.id}/payment_methods`)
    expect(methods.data.map(({ id }: { id: string }) => id)).toEqual([body.invoice_settings.default_payment_method])
  })
})

describe('a payment method', () => {
  test('belongs to one customer at a time', async () => {
    const { post, get, events } = await stripeWorld()
    const [one, two] = [(await post('/v1/customers')).body.id, (await post('/v1/customers')).body.id]
    const { body: method } = await post('/v1/payment_methods/pm_card_visa/attach', { customer: one })
    expect(method.customer).toBe(one)
    expect((await post(`/v1/payment_methods/${method.id}/attach`, { customer: two })).status).toBe(400)
    expect((await get(`/v1/customers/${two}/payment_methods/${method.id}`)).status).toBe(404)
    expect((await get('/v1/payment_methods', { customer: one, type: 'card' })).body.data).toHaveLength(1)

    expect((await post(`/v1/payment_methods/${method.id}/detach`)).body.customer).toBeNull()
    expect((await post(`/v1/payment_methods/${method.id}/detach`)).status).toBe(400)
    expect(events().slice(2)).toEqual(['payment_method.attached', 'payment_method.detached'])
  })

  test('of a customer pays only for that customer', async () => {
    const { post } = await stripeWorld()
    const { body: customer } = await post('/v1/customers')
    const { body: method } = await post('/v1/payment_methods/pm_card_visa/attach', { customer: customer.id })
    const order = {
      amount: 900,
      currency: 'usd',
      payment_method: method.id,
      payment_method_types: ['card'],
      confirm: true,
    }
    expect((await post('/v1/payment_intents', order)).status).toBe(400)
    expect((await post('/v1/payment_intents', { ...order, customer: customer.id })).body.status).toBe('succeeded')
  })

  test('that declines is not kept for a customer, except the one made for that', async () => {
    const { post, get } = await stripeWorld()
    const { body: customer } = await post('/v1/customers')
    const declined = await post('/v1/payment_methods/pm_card_chargeDeclined/attach', { customer: customer.id })
    expect(declined.status).toBe(402)
    expect(declined.body.error.code).toBe('card_declined')
    const { status } = await post('/v1/payment_methods/pm_card_chargeCustomerFail/attach', { customer: customer.id })
    expect(status).toBe(200)
    expect((await get('/v1/payment_methods', { customer: customer.id })).body.data).toHaveLength(1)
  })

  test.each([
    [{ number: '4242424242424241', exp_month: 1, exp_year: 2031 }, 'incorrect_number'],
    [{ number: '4242424242424242', exp_month: 13, exp_year: 2031 }, 'invalid_expiry_month'],
    [{ number: '4242424242424242', exp_month: 1, exp_year: 2020 }, 'invalid_expiry_year'],
    [{ number: '4242424242424242', exp_month: 1, exp_year: 2031, cvc: '1' }, 'invalid_cvc'],
    [{ number: '4111111111111111', exp_month: 1, exp_year: 2031 }, 'card_declined'],
  ])('is not made of %o', async (card, code) => {
    const { post } = await stripeWorld()
    const { status, body } = await post('/v1/payment_methods', { type: 'card', card })
    expect(status).toBe(402)
    expect(body.error).toMatchObject({ type: 'card_error', code })
  })

  test('never shows its number, nor does the journal', async () => {
    const { post, mock } = await stripeWorld()
    const card = { number: '4242424242424242', exp_month: 1, exp_year: 2031, cvc: '987' }
    const { text } = await post('/v1/payment_methods', { type: 'card', card })
    expect(text).not.toContain('4242424242424242')
    expect(JSON.stringify(mock.journal.entries())).not.toMatch(/4242424242424242|sk_test/)
  })

  test('can have its billing details changed once it has an owner', async () => {
    const { post } = await stripeWorld()
    const { body: made } = await post('/v1/payment_methods', { type: 'card', card: { token: 'tok_visa' } })
    expect((await post(`/v1/payment_methods/${made.id}`, { metadata: { a: '1' } })).status).toBe(400)
    const { body: customer } = await post('/v1/customers')
    await post(`/v1/payment_methods/${made.id}/attach`, { customer: customer.id })
    const { body } = await post(`/v1/payment_methods/${made.id}`, {
      billing_details: { address: { city: 'Leeds' } },
      card: { exp_year: 2040 },
    })
    expect(body.billing_details.address.city).toBe('Leeds')
    expect(body.card).toMatchObject({ exp_year: 2040, last4: '4242' })
  })
})

describe('the catalogue', () => {
  test('has products with prices', async () => {
    const { post, get, del, events } = await stripeWorld()
    const { body: product } = await post('/v1/products', {
      name: 'Teapot',
      default_price_data: { currency: 'gbp', unit_amount: 4200 },
    })
    const { body: price } = await get(`/v1/prices/${product.default_price}`, { expand: ['product'] })
    expect(price).toMatchObject({
      type: 'one_time',
      unit_amount: 4200,
      unit_amount_decimal: '4200',
      product: { id: product.id },
    })
    expect((await del(`/v1/products/${product.id}`)).status).toBe(400)

    const { body: monthly } = await post('/v1/prices', {
      product: product.id,
      currency: 'gbp',
      unit_amount_decimal: '99.5',
      recurring: { interval: 'month' },
      lookup_key: 'monthly',
    })
    expect(monthly).toMatchObject({ type: 'recurring', unit_amount: null, unit_amount_decimal: '99.5' })
    await post(`/v1/prices/${monthly.id}`, { active: false, nickname: 'old' })
    expect((await get('/v1/prices', { active: true, product: product.id })).body.data).toHaveLength(1)
    expect((await get('/v1/prices', { lookup_keys: ['monthly'] })).body.data[0].nickname).toBe('old')
    await post(`/v1/products/${product.id}`, { active: false })
    expect((await get('/v1/products', { active: false })).body.data).toHaveLength(1)
    expect(events()).toEqual(['product.created', 'price.created', 'price.created', 'price.updated', 'product.updated'])
  })

  test('makes a product along with a price', async () => {
    const { post, get, del } = await stripeWorld()
    const { body: price } = await post('/v1/prices', {
      currency: 'usd',
      unit_amount: 100,
      product_data: { name: 'Cup' },
    })
    expect((await get(`/v1/products/${price.product}`)).body.name).toBe('Cup')
    const { body: bare } = await post('/v1/products', { name: 'Saucer', id: 'saucer' })
    expect(bare.id).toBe('saucer')
    expect((await post('/v1/products', { name: 'Saucer', id: 'saucer' })).body.error.code).toBe(
      'resource_already_exists',
    )
    expect((await del('/v1/products/saucer')).body.deleted).toBe(true)
  })

  test('refuses a price without an amount or a product', async () => {
    const { post } = await stripeWorld()
    expect((await post('/v1/prices', { currency: 'usd', unit_amount: 1 })).body.error.code).toBe('parameter_missing')
    const { body: product } = await post('/v1/products', { name: 'Cup' })
    expect((await post('/v1/prices', { currency: 'usd', product: product.id })).body.error.param).toBe('unit_amount')
  })
})

describe('a payment intent that waits', () => {
  test('takes changes until the bank was asked', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', { amount: 900, currency: 'usd' })
    const { body: changed } = await post(`/v1/payment_intents/${intent.id}`, { amount: 1000, metadata: { a: '1' } })
    expect(changed).toMatchObject({ amount: 1000, status: 'requires_payment_method', metadata: { a: '1' } })
    const { body: provided } = await post(`/v1/payment_intents/${intent.id}`, { payment_method: 'pm_card_visa' })
    expect(provided.status).toBe('requires_confirmation')
    await post(`/v1/payment_intents/${intent.id}/confirm`, { return_url: 'https://shop.test/back' })
    expect((await post(`/v1/payment_intents/${intent.id}`, { amount: 1 })).body.error.code).toBe(
      'payment_intent_unexpected_state',
    )
    expect((await post(`/v1/payment_intents/${intent.id}`, { metadata: { b: '2' } })).body.metadata).toEqual({
      a: '1',
      b: '2',
    })
  })

  test('refuses amounts that cannot be paid', async () => {
    const { post } = await stripeWorld()
    const attempt = async (fields: object) =>
      (await post('/v1/payment_intents', { currency: 'usd', ...fields })).body.error
    expect(await attempt({ amount: 49 })).toMatchObject({ code: 'amount_too_small', param: 'amount' })
    expect(await attempt({ amount: 0 })).toMatchObject({ code: 'parameter_invalid_integer' })
    expect(await attempt({ amount: 100_000_000 })).toMatchObject({ code: 'amount_too_large' })
    expect(await attempt({ amount: 900, currency: 'dollars' })).toMatchObject({ param: 'currency' })
    expect(await attempt({ amount: 900, customer: 'cus_none' })).toMatchObject({
      code: 'resource_missing',
      param: 'customer',
    })
  })
})
