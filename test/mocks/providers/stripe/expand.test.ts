import { describe, expect, test } from 'vitest'
import { stripeWorld } from './stripe-world.ts'

const order = {
  amount: 900,
  currency: 'eur',
  payment_method: 'pm_card_visa',
  payment_method_types: ['card'],
  confirm: true,
}

describe('expand', () => {
  test('puts objects in place of ids, also inside of each other', async () => {
    const { post } = await stripeWorld()
    const { body: customer } = await post('/v1/customers', { email: 'a@shop.test' })
    const { body } = await post('/v1/payment_intents', {
      ...order,
      customer: customer.id,
      expand: ['customer', 'payment_method', 'latest_charge.balance_transaction'],
    })
    expect(body.customer).toMatchObject({ id: customer.id, email: 'a@shop.test' })
    expect(body.payment_method.card.last4).toBe('4242')
    expect(body.latest_charge.balance_transaction).toMatchObject({ object: 'balance_transaction', amount: 900 })
  })

  test('reaches into lists through data', async () => {
    const { post, get } = await stripeWorld()
    const { body: customer } = await post('/v1/customers')
    const { body: intent } = await post('/v1/payment_intents', { ...order, customer: customer.id })
    const { body } = await get('/v1/charges', { expand: ['data.customer', 'data.payment_intent'] })
    expect(body.data[0]).toMatchObject({ customer: { id: customer.id }, payment_intent: { id: intent.id } })
    const outside = await get('/v1/charges', { expand: ['customer'] })
    expect(outside.status).toBe(400)
    expect(outside.body.error.message).toContain("'data.customer'")
  })

  test('shows what is left of a deleted customer', async () => {
    const { post, get, del } = await stripeWorld()
    const { body: customer } = await post('/v1/customers')
    const { body: intent } = await post('/v1/payment_intents', { ...order, customer: customer.id })
    await del(`/v1/customers/${customer.id}`)
    const { body } = await get(`/v1/payment_intents/${intent.id}`, { expand: ['customer'] })
    expect(body.customer).toEqual({ id: customer.id, object: 'customer', deleted: true })
  })

  test('leaves null as it is and the stored object as it was', async () => {
    const { post, get } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', { ...order, expand: ['customer', 'latest_charge'] })
    expect(intent.customer).toBeNull()
    expect((await get(`/v1/payment_intents/${intent.id}`)).body.latest_charge).toBe(intent.latest_charge.id)
  })

  test('expands what is asked for this time, as it is now', async () => {
    const { post, get } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    const path = `/v1/payment_intents/${intent.id}`
    const { body: both } = await get(path, { expand: ['latest_charge', 'payment_method'] })
    const { body: one } = await get(path, { expand: ['payment_method'] })
    expect(one).toEqual({ ...both, latest_charge: intent.latest_charge })
    await post('/v1/refunds', { payment_intent: intent.id })
    const { body: refunded } = await get(path, { expand: ['latest_charge'] })
    expect(refunded.latest_charge).toEqual({ ...both.latest_charge, amount_refunded: 900, refunded: true })
    expect(refunded.payment_method).toBe(both.payment_method.id)
  })

  test.each(['nothing', 'latest_charge.nothing', 'amount', 'customer.a.b.c.d'])('refuses %s', async (path) => {
    const { post, get } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    const { status, body } = await get(`/v1/payment_intents/${intent.id}`, { expand: [path] })
    expect(status).toBe(400)
    expect(body.error.type).toBe('invalid_request_error')
  })

  test('shows the refunds of a charge', async () => {
    const { post, get } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    const { body: refund } = await post('/v1/refunds', { payment_intent: intent.id, amount: 100 })
    const { body } = await get(`/v1/payment_intents/${intent.id}`, { expand: ['latest_charge.refunds'] })
    expect(body.latest_charge.refunds).toMatchObject({ object: 'list', data: [{ id: refund.id }], has_more: false })
  })

  test('is refused on an empty list, too', async () => {
    const { get } = await stripeWorld()
    expect((await get('/v1/charges', { expand: ['data.nothing'] })).status).toBe(400)
  })

  test('that is refused leaves nothing behind', async () => {
    const { post, mock } = await stripeWorld()
    expect((await post('/v1/payment_intents', { ...order, expand: ['nothing'] })).status).toBe(400)
    expect(mock.objects('payment_intent')).toEqual([])
  })
})
