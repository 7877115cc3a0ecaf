import { Stripe } from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type MockProcess, startMock } from '../support/cli-process.ts'
import { type Catcher, catchWebhooks } from '../support/webhook-catcher.ts'

// The official library, unmodified, against `goodfence mock stripe` over HTTP.

let catcher: Catcher
let mock: MockProcess
let stripe: Stripe

function sdk(url: string, key = 'sk_test_sdk', config: Stripe.StripeConfig = {}): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...config })
}

beforeAll(async () => {
  catcher = await catchWebhooks()
  mock = await startMock(['stripe', '--webhook-url', catcher.url])
  stripe = sdk(mock.urls[0]!)
})
afterEach(async () => {
  await mock.admin('DELETE', '/faults')
})
afterAll(async () => {
  await mock?.[Symbol.asyncDispose]()
  await catcher?.[Symbol.asyncDispose]()
})

const plan = (operation: string, fault: object) =>
  mock.admin('PUT', '/faults', { faults: [{ on: { operation }, fault }] })
const payment = {
  amount: 2_000,
  currency: 'eur',
  payment_method: 'pm_card_visa',
  confirm: true,
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
} as const

describe('customers', () => {
  test('are created, read, changed, listed and deleted', async () => {
    const made = await stripe.customers.create({ email: 'ada@example.test', name: 'Ada', metadata: { tier: 'gold' } })
    expect(made).toMatchObject({
      object: 'customer',
      email: 'ada@example.test',
      metadata: { tier: 'gold' },
      livemode: false,
    })
    expect(await stripe.customers.retrieve(made.id)).toMatchObject({ id: made.id, name: 'Ada' })
    expect(await stripe.customers.update(made.id, { name: 'Ada L.', metadata: { tier: '' } })).toMatchObject({
      name: 'Ada L.',
      metadata: {},
    })
    expect((await stripe.customers.list({ email: 'ada@example.test' })).data.map(({ id }) => id)).toEqual([made.id])
    expect(await stripe.customers.del(made.id)).toEqual(expect.objectContaining({ id: made.id, deleted: true }))
    expect(await stripe.customers.retrieve(made.id)).toMatchObject({ deleted: true })
  })

  test('auto-paging walks every page, forwards and backwards, each customer once', async () => {
    const email = 'many@example.test'
    const made: string[] = []
    for (let i = 0; i < 25; i++) made.push((await stripe.customers.create({ email })).id)
    const walked = await stripe.customers.list({ email, limit: 10 }).autoPagingToArray({ limit: 100 })
    expect(walked.map(({ id }) => id)).toEqual(made.toReversed())
    const back = await stripe.customers
      .list({ email, limit: 10, ending_before: made[0]! })
      .autoPagingToArray({ limit: 100 })
    expect(new Set(back.map(({ id }) => id))).toEqual(new Set(made.slice(1)))
  })
})

describe('payment intents', () => {
  test('live through create, confirm and capture', async () => {
    const created = await stripe.paymentIntents.create({ amount: 5_000, currency: 'eur', capture_method: 'manual' })
    expect(created.status).toBe('requires_payment_method')
    const confirmed = await stripe.paymentIntents.confirm(created.id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.test/back',
    })
    expect(confirmed).toMatchObject({ status: 'requires_capture', amount_capturable: 5_000 })
    const captured = await stripe.paymentIntents.capture(created.id, { amount_to_capture: 4_000 })
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 4_000, amount_capturable: 0 })
    const refund = await stripe.refunds.create({ payment_intent: created.id, amount: 1_000 })
    expect(refund).toMatchObject({ object: 'refund', amount: 1_000, status: 'succeeded' })
  })

  test('can be canceled, and then not confirmed', async () => {
    const created = await stripe.paymentIntents.create({ amount: 5_000, currency: 'eur' })
    expect(await stripe.paymentIntents.cancel(created.id)).toMatchObject({ status: 'canceled' })
    await expect(stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_visa' })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'payment_intent_unexpected_state',
    })
  })

  test('expand shows the charge and its balance transaction in place', async () => {
    const { latest_charge: charge } = await stripe.paymentIntents.create({
      ...payment,
      expand: ['latest_charge.balance_transaction', 'payment_method'],
    })
    expect(charge).toMatchObject({
      object: 'charge',
      paid: true,
      balance_transaction: { object: 'balance_transaction', amount: 2_000 },
    })
  })

  test('an action is ended from outside, either way', async () => {
    const waiting = await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_authenticationRequired' })
    expect(waiting).toMatchObject({ status: 'requires_action', next_action: expect.any(Object) })
    await mock.admin('POST', `/actions/${waiting.id}`, { outcome: 'succeed' })
    expect(await stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({ status: 'succeeded' })
    const failing = await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_authenticationRequired' })
    await mock.admin('POST', `/actions/${failing.id}`, { outcome: 'fail' })
    expect(await stripe.paymentIntents.retrieve(failing.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    })
  })

  test('the same key gives the same intent and says that it is a replay', async () => {
    const options = { idempotencyKey: 'order-17' }
    const first = await stripe.paymentIntents.create(payment, options)
    const second = await stripe.paymentIntents.create(payment, options)
    expect(second.id).toBe(first.id)
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
  })
})

describe('errors', () => {
  test.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
  ])('%s is a StripeCardError', async (payment_method, code, declineCode) => {
    const failure = await stripe.paymentIntents.create({ ...payment, payment_method }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Stripe.errors.StripeCardError)
    expect(failure).toMatchObject({
      code,
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      payment_intent: { status: 'requires_payment_method' },
    })
  })

  test('a 429 is a StripeRateLimitError', async () => {
    await plan('GET /v1/customers', { kind: 'rate-limit', retryAfter: 2 })
    await expect(stripe.customers.list()).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError)
  })

  test('a wrong key is a StripeAuthenticationError, and is not repeated whole', async () => {
    const failure = await sdk(mock.urls[0]!, 'sk_live_never')
      .customers.list()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
    expect(String(failure)).not.toContain('sk_live_never')
  })

  test('a key used again for something else is a StripeIdempotencyError', async () => {
    const options = { idempotencyKey: 'order-18' }
    await stripe.paymentIntents.create(payment, options)
    await expect(stripe.paymentIntents.create({ ...payment, amount: 1 }, options)).rejects.toBeInstanceOf(
      Stripe.errors.StripeIdempotencyError,
    )
  })

  test.each(['reset', 'lost-reply'])('%s is a StripeConnectionError', async (kind) => {
    await plan('POST /v1/customers', { kind })
    await expect(stripe.customers.create({})).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  })

  test('a lost reply repeated by the library itself leaves one customer', async () => {
    const email = 'once@example.test'
    await mock.admin('PUT', '/faults', {
      faults: [{ on: { operation: 'POST /v1/customers', nth: [1] }, fault: { kind: 'lost-reply' } }],
    })
    const made = await sdk(mock.urls[0]!, 'sk_test_sdk', { maxNetworkRetries: 2 }).customers.create({ email })
    expect((await stripe.customers.list({ email })).data.map(({ id }) => id)).toEqual([made.id])
  })

  test('an unknown parameter and a missing one are named', async () => {
    await expect(
      stripe.paymentIntents.create({ currency: 'eur' } as Stripe.PaymentIntentCreateParams),
    ).rejects.toMatchObject({ type: 'StripeInvalidRequestError', param: 'amount' })
    await expect(stripe.customers.create({ shoe_size: 44 } as Stripe.CustomerCreateParams)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'parameter_unknown',
      param: 'shoe_size',
    })
    await expect(stripe.customers.retrieve('cus_nobody')).rejects.toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    })
  })
})

describe('webhooks', () => {
  const of = (id: string, type: string) => (caught: Catcher['caught']) =>
    caught.find(({ body }) => body.includes(id) && body.includes(`"type": "${type}"`))

  test('constructEvent accepts what the mock sent', async () => {
    const { id } = await stripe.paymentIntents.create(payment)
    await catcher.until((caught) => of(id, 'payment_intent.succeeded')(caught) !== undefined)
    const { body, headers } = of(id, 'payment_intent.succeeded')(catcher.caught)!
    const event = stripe.webhooks.constructEvent(body, headers['stripe-signature']!, mock.webhookSecret!)
    expect(event).toMatchObject({ object: 'event', type: 'payment_intent.succeeded', data: { object: { id } } })
    expect(await stripe.events.retrieve(event.id)).toMatchObject({ id: event.id })
  })

  test.each(['tamper', 'forge'])('constructEvent refuses what a %s fault made', async (kind) => {
    await mock.admin('PUT', '/faults', { faults: [{ on: { event: 'customer.created' }, fault: { kind } }] })
    const before = catcher.caught.length
    await stripe.customers.create({ email: `${kind}@example.test` })
    const judge = ({ body, headers }: Catcher['caught'][number]) => {
      try {
        stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', mock.webhookSecret!)
        return 'accepted'
      } catch (error) {
        return (error as Error).constructor.name
      }
    }
    await catcher.until((caught) => caught.slice(before).map(judge).includes('StripeSignatureVerificationError'))
  })
})

test('the mock ends with 0 when it is asked to', async () => {
  const other = await startMock(['stripe'])
  expect(await other.stop('SIGINT')).toMatchObject({ code: 0 })
})
