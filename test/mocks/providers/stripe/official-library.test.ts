import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { type StripeMockOptions, createStripeMock } from '../../../../src/mocks/providers/stripe/create-stripe-mock.ts'

/** Stripe's own library, unmodified, in front of a mock in the same process. */
async function shop(options: StripeMockOptions = {}, apiKey = 'sk_test_goodfence') {
  const mock = await createStripeMock(options)
  const fetchMock = (async (url: string, init: RequestInit) => mock(new Request(url, init))) as typeof fetch
  const stripe = new Stripe(apiKey, {
    httpClient: Stripe.createFetchHttpClient(fetchMock),
    maxNetworkRetries: 0,
    telemetry: false,
  })
  return { mock, stripe }
}

const order = {
  amount: 4200,
  currency: 'usd',
  payment_method: 'pm_card_visa',
  confirm: true,
  payment_method_types: ['card'],
}

describe("Stripe's own library", () => {
  test('takes a payment through its life', async () => {
    const { stripe, mock } = await shop()
    const customer = await stripe.customers.create({ email: 'ada@shop.test', metadata: { shop_id: '1043' } })
    const intent = await stripe.paymentIntents.create({
      ...order,
      confirm: false,
      customer: customer.id,
      capture_method: 'manual',
    })
    expect(intent.status).toBe('requires_confirmation')
    expect((await stripe.paymentIntents.confirm(intent.id)).status).toBe('requires_capture')
    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 4000 }, {
      expand: ['latest_charge'],
    } as object)
    expect(captured.status).toBe('succeeded')
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1000 })
    expect(refund.status).toBe('succeeded')
    const expanded = await stripe.paymentIntents.retrieve(intent.id, {
      expand: ['latest_charge.balance_transaction', 'customer'],
    })
    expect((expanded.latest_charge as Stripe.Charge).amount_refunded).toBe(1000)
    expect(expanded.customer).toMatchObject({ email: 'ada@shop.test' })
    expect(mock.objects('refund')).toHaveLength(1)
  })

  test('pages through everything', async () => {
    const { stripe } = await shop()
    for (let i = 0; i < 23; i++) await stripe.customers.create({ name: `${i}` })
    const names: (string | null | undefined)[] = []
    for await (const { name } of stripe.customers.list({ limit: 5 })) names.push(name)
    expect(names).toEqual(Array.from({ length: 23 }, (_, i) => `${22 - i}`))
    const all = await stripe.customers.list({ limit: 10 }).autoPagingToArray({ limit: 100 })
    expect(all).toHaveLength(23)
  })

  test('gets the same answer for the same key, and refuses another request', async () => {
    const { stripe } = await shop()
    const first = await stripe.paymentIntents.create(order, { idempotencyKey: 'k' })
    const second = await stripe.paymentIntents.create(order, { idempotencyKey: 'k' })
    expect(second.id).toBe(first.id)
    expect(second.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
    expect(second.lastResponse.idempotencyKey).toBe('k')
    const other = stripe.paymentIntents.create({ ...order, amount: 1 }, { idempotencyKey: 'k' })
    await expect(other).rejects.toThrow(Stripe.errors.StripeIdempotencyError)
  })

  test('knows a decline by its codes', async () => {
    const { stripe } = await shop()
    const declined = stripe.paymentIntents.create({
      ...order,
      payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
    })
    await expect(declined).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      charge: expect.stringMatching(/^ch_/),
      payment_intent: { status: 'requires_payment_method' },
      requestId: expect.stringMatching(/^req_/),
    })
  })

  test.each([
    ['StripeAuthenticationError', 'sk_live_notthisone123', {}],
    ['StripeRateLimitError', 'sk_test_a', { faults: [{ fault: { kind: 'rate-limit' } }] }],
    ['StripeAPIError', 'sk_test_a', { faults: [{ fault: { kind: 'status', status: 500 } }] }],
    ['StripeConnectionError', 'sk_test_a', { faults: [{ fault: { kind: 'reset' } }] }],
  ] as const)('raises %s', async (type, key, plan) => {
    const { stripe } = await shop({ plan: { faults: [], ...plan } }, key)
    await expect(stripe.customers.list()).rejects.toMatchObject({ type })
  })

  test('raises StripeInvalidRequestError for what does not exist or does not fit', async () => {
    const { stripe } = await shop()
    await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      statusCode: 404,
    })
    await expect(stripe.paymentIntents.create({ amount: 900 } as never)).rejects.toMatchObject({ param: 'currency' })
  })

  test('reads products, prices, events and webhook endpoints', async () => {
    const { stripe } = await shop({ deliver: async () => new Response() })
    const product = await stripe.products.create({
      name: 'Teapot',
      default_price_data: { currency: 'gbp', unit_amount: 4200 },
    })
    const price = await stripe.prices.retrieve(product.default_price as string)
    expect(price.unit_amount).toBe(4200)
    const endpoint = await stripe.webhookEndpoints.create({ url: 'https://shop.test/hooks', enabled_events: ['*'] })
    expect(endpoint.secret).toMatch(/^whsec_/)
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })
    expect((await stripe.webhookEndpoints.del(endpoint.id)).deleted).toBe(true)
    const events = await stripe.events.list({ types: ['product.created', 'price.created'] })
    expect(events.data.map(({ type }) => type)).toEqual(['price.created', 'product.created'])
    expect((await stripe.balanceTransactions.list()).data).toEqual([])
  })
})
