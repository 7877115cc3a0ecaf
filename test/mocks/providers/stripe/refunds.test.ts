import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stripeWorld, order } from './stripe-world.ts'

describe('a refund', () => {
  test('gives everything back unless it says how much', async () => {
    const { post, get, events } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    const { body } = await post('/v1/refunds', { payment_intent: intent.id, reason: 'requested_by_customer' })
    expect(body).toMatchObject({
      amount: 4200,
      status: 'succeeded',
      charge: intent.latest_charge,
      payment_intent: intent.id,
    })
    expect((await get(`/v1/charges/${intent.latest_charge}`)).body).toMatchObject({
      amount_refunded: 4200,
      refunded: true,
    })
    expect((await get(`/v1/balance_transactions/${body.balance_transaction}`)).body).toMatchObject({
      amount: -4200,
      fee: 0,
      net: -4200,
      type: 'refund',
      source: body.id,
    })
    expect(events().slice(-2)).toEqual(['refund.created', 'charge.refunded'])
  })

  test('never adds up to more than was paid', async () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(amounts, async (amounts) => {
        const { post, get, mock } = await stripeWorld()
        const { body: intent } = await post('/v1/payment_intents', order)
        for (const amount of amounts) {
          const { body: before } = await get(`/v1/charges/${intent.latest_charge}`)
          const { status } = await post('/v1/refunds', { charge: intent.latest_charge, amount })
          expect(status).toBe(amount <= 4200 - before.amount_refunded ? 200 : 400)
        }
        const refunded = mock.objects('refund').reduce((sum, refund) => sum + (refund['amount'] as number), 0)
        const { body: charge } = await get(`/v1/charges/${intent.latest_charge}`)
        expect(charge).toMatchObject({ amount_refunded: refunded, refunded: refunded === 4200 })
      }),
      { numRuns: 30 },
    )
  })

  test('of more than is left says how much that is', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    await post('/v1/refunds', { payment_intent: intent.id, amount: 1200 })
    const { status, body } = await post('/v1/refunds', { payment_intent: intent.id, amount: 3001 })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({
      message: 'Refund amount ($30.01) is greater than unrefunded amount on charge ($30.00)',
      param: 'amount',
    })
  })

  test('is refused when everything was given back', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    await post('/v1/refunds', { payment_intent: intent.id })
    const { body } = await post('/v1/refunds', { payment_intent: intent.id })
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'charge_already_refunded' })
  })

  test('is refused where nothing was paid', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', { amount: 4200, currency: 'usd' })
    expect((await post('/v1/refunds', { payment_intent: intent.id })).status).toBe(400)
    expect((await post('/v1/refunds', {})).body.error.code).toBe('parameter_missing')
    expect((await post('/v1/refunds', { charge: 'ch_none' })).body.error).toMatchObject({
      code: 'resource_missing',
      param: 'charge',
    })
  })

  test('of a partial capture ends at what was captured', async () => {
    const { post } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', { ...order, capture_method: 'manual' })
    await post(`/v1/payment_intents/${intent.id}/capture`, { amount_to_capture: 1000 })
    expect((await post('/v1/refunds', { payment_intent: intent.id, amount: 1001 })).status).toBe(400)
    expect((await post('/v1/refunds', { payment_intent: intent.id })).body.amount).toBe(1000)
  })

  test('can have its metadata changed and nothing else', async () => {
    const { post, get, events } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', order)
    const { body: refund } = await post('/v1/refunds', { payment_intent: intent.id, metadata: { a: '1' } })
    await post(`/v1/refunds/${refund.id}`, { metadata: { a: '', b: '2' } })
    expect((await get(`/v1/refunds/${refund.id}`)).body.metadata).toEqual({ b: '2' })
    expect(events().slice(-2)).toEqual(['refund.updated', 'charge.refund.updated'])
    expect((await post(`/v1/refunds/${refund.id}/cancel`)).status).toBe(400)
  })
})
