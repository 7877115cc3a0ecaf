import { describe, expect, test } from 'vitest'
import { stripeWorld } from './stripe-world.ts'

const order = { amount: 4200, currency: 'usd', payment_method: 'pm_card_visa', payment_method_types: ['card'] }
const key40 = 'k'.repeat(40)
const text500 = 'é'.repeat(500)
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))

describe('metadata', () => {
  test('takes 50 keys of 40 characters with values of 500', async () => {
    const { post } = await stripeWorld()
    const metadata = { ...keys(49), [key40]: text500 }
    expect((await post('/v1/customers', { metadata })).body.metadata).toEqual(metadata)
  })

  test.each([
    ['a 51st key', keys(51), /^You can only have up to 50 metadata keys/],
    [
      'a key of 41 characters',
      { [`${key40}k`]: 'v' },
      /^Metadata keys can have up to 40 characters, .* is 41 characters/,
    ],
    ['a value of 501', { a: `${text500}é` }, /^Metadata values can have up to 500 characters, .* is 501 characters/],
  ])('refuses %s', async (_, metadata, message) => {
    const { post } = await stripeWorld()
    const { status, body } = await post('/v1/customers', { metadata })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({
      type: 'invalid_request_error',
      param: 'metadata',
      message: expect.stringMatching(message),
    })
    expect(body.error).not.toHaveProperty('code')
  })

  test('is refused before anything has changed', async () => {
    const { post, mock } = await stripeWorld()
    const { body: held } = await post('/v1/payment_intents', { ...order, confirm: true, capture_method: 'manual' })
    const { body: paid } = await post('/v1/payment_intents', { ...order, confirm: true })
    const { body: open } = await post('/v1/payment_intents', { ...order, payment_method: '' })
    const kinds = ['payment_intent', 'payment_method', 'charge', 'refund', 'balance_transaction', 'product', 'price']
    const state = () => JSON.stringify(kinds.map((kind) => mock.objects(kind)))
    const before = state()
    const metadata = { a: `${text500}é` }

    for (const [path, fields] of [
      ['/v1/payment_intents', { ...order, confirm: true, metadata }],
      [`/v1/payment_intents/${open.id}`, { payment_method: 'pm_card_visa', metadata }],
      [`/v1/payment_intents/${held.id}/capture`, { metadata }],
      ['/v1/refunds', { payment_intent: paid.id, metadata }],
      ['/v1/prices', { currency: 'usd', unit_amount: 900, product_data: { name: 'Cup', metadata } }],
      ['/v1/products', { name: 'Cup', default_price_data: { currency: 'usd', unit_amount: 900 }, metadata }],
    ] as const) {
      expect((await post(path, fields)).body.error.param).toBe('metadata')
      expect(state()).toBe(before)
    }
  })
})
