import { describe, expect, test } from 'vitest'
import { journalText } from '../../src/core/journal.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createMock } from '../../src/mocks/mock.ts'
import { type FaultPlan } from '../../src/mocks/plan.ts'
import { stripeBehaviour } from '../../src/mocks/providers/stripe/behaviour.ts'
import { type StripeWorld, startMs, stripeWorld, order } from './providers/stripe/stripe-world.ts'

/** A little of everything. */
async function business({ post, get, mock, clock }: StripeWorld): Promise<string> {
  await clock.run(async () => {
    const { body: customer } = await post('/v1/customers', { name: 'Ada' })
    await post('/v1/payment_intents', { ...order, customer: customer.id }, { 'idempotency-key': 'k' })
    await post('/v1/payment_intents', { ...order, payment_method: 'pm_card_chargeDeclined' })
    const { body: waiting } = await post('/v1/payment_intents', {
      ...order,
      payment_method: 'pm_card_authenticationRequired',
    })
    mock.completeAction(waiting.id, 'succeed')
    await post('/v1/webhook_endpoints', { url: 'https://shop.test/second', enabled_events: ['*'] })
    await post('/v1/refunds', { payment_intent: waiting.id }).catch(() => {})
    await get('/v1/events')
    await clock.sleep(1_000)
  })
  return journalText(mock.journal.entries()).replaceAll(
    /"atMs":([\d.]+)/g,
    (_, atMs: string) => `"atMs":${Math.round(Number(atMs) - clock.now())}`,
  )
}

const taking = async () => new Response()
const plan: FaultPlan = {
  faults: [
    { on: { probability: 0.5 }, fault: { kind: 'latency', delayMs: 100 } },
    { on: { event: '*', nth: [2] }, fault: { kind: 'duplicate', copies: 1 } },
  ],
}
const options = { plan, deliver: taking, webhooks: [{ url: 'https://shop.test/first', service: taking }] }

describe('a mock', () => {
  test('with the same seed makes the same journal, byte for byte', async () => {
    const [one, two] = [await business(await stripeWorld(options)), await business(await stripeWorld(options))]
    expect(one).toBe(two)
    expect(one.split('\n').length).toBeGreaterThan(50)
    expect(await business(await stripeWorld({ ...options, seed: 2 }))).not.toBe(one)
  })

  test('after a reset stands as it did at the start', async () => {
    const world = await stripeWorld(options)
    const first = await business(world)
    world.mock.reset()
    expect(world.mock.journal.entries()).toEqual([])
    expect(world.mock.objects('customer')).toEqual([])
    expect(world.mock.requests).toEqual({})
    expect(world.mock.outbox.targets().map(({ url }) => url)).toEqual(['https://shop.test/first'])
    expect(await business(world)).toBe(first)
  })

  test('lets nothing that was under way at a reset be seen afterwards', async () => {
    const slow: FaultPlan = { faults: [{ on: { nth: [1] }, fault: { kind: 'latency', delayMs: 1_000, at: 'during' } }] }
    const { mock, post, clock } = await stripeWorld({ ...options, plan: slow })
    await clock.run(async () => {
      const before = post('/v1/customers', { name: 'before' })
      await clock.sleep(500)
      mock.reset()
      mock.setPlan(undefined)
      await before
      await clock.sleep(1_000)
    })
    expect(mock.objects('customer')).toEqual([])
    expect(mock.journal.entries()).toEqual([])
    expect(mock.outbox.deliveries()).toEqual([])
  })

  test('shares nothing with another', async () => {
    const [one, two] = [await stripeWorld(), await stripeWorld()]
    const { body } = await one.post('/v1/customers')
    expect((await two.get(`/v1/customers/${body.id}`)).status).toBe(404)
    expect(two.mock.objects('customer')).toEqual([])
  })

  test('counts what was asked of it', async () => {
    const { get, mock } = await stripeWorld()
    await get('/v1/customers')
    await get('/v1/customers')
    expect(mock.requests).toEqual({ 'GET /v1/customers': 2 })
  })

  test('changes its plan and keeps its memory', async () => {
    const { post, mock } = await stripeWorld()
    const first = await post('/v1/customers', { name: 'Ada' }, { 'idempotency-key': 'k' })
    mock.setPlan({ faults: [{ fault: { kind: 'status', status: 503 } }] })
    const { status, body } = await post('/v1/customers', { name: 'Ada' }, { 'idempotency-key': 'k' })
    expect(status).toBe(503)
    expect(body.error.type).toBe('api_error')
    mock.setPlan(undefined)
    expect((await post('/v1/customers', { name: 'Ada' }, { 'idempotency-key': 'k' })).text).toBe(first.text)
    expect(mock.plan.faults).toEqual([])
  })

  test('refuses more requests in a second than it is told to take, per account', async () => {
    const { send, clock } = await stripeWorld({ requestsPerSecond: 2 })
    const ask = async (key = 'sk_test_a') =>
      (await send('GET', '/v1/customers', {}, { authorization: `Bearer ${key}` })).status
    expect([await ask(), await ask(), await ask(), await ask('sk_test_b')]).toEqual([200, 200, 429, 200])
    await clock.advance(1_000)
    const { status, headers, body } = await send('GET', '/v1/customers', {}, { authorization: 'Bearer sk_test_a' })
    expect(status).toBe(200)
    expect(headers.get('stripe-rate-limited-reason')).toBeNull()
    expect(body.object).toBe('list')
  })

  test('writes no secret of a path into the journal', async () => {
    const { send, mock } = await stripeWorld({ plan: { faults: [{ fault: { kind: 'status', status: 503 } }] } })
    await send('GET', '/hooks/xYz1AbCdEfGhIjKlMnOpQr2S')
    await send('GET', '/v1/customers/cus_NffrFeUfNV2Hib')
    expect(mock.journal.entries().flatMap((entry) => (entry.kind === 'request' ? [entry.path] : []))).toEqual([
      '/hooks/***',
      '/v1/customers/cus_NffrFeUfNV2Hib',
    ])
    expect(JSON.stringify(mock.journal.entries())).not.toContain('xYz1AbCd')
  })

  test('without state answers with examples', async () => {
    const { post, mock } = await stripeWorld({ state: false })
    const { status, body } = await post('/v1/payment_intents', order)
    expect(status).toBe(200)
    expect(body.object).toBe('payment_intent')
    expect(mock.objects('payment_intent')).toEqual([])
  })

  test('answers its own defect with a 500 that the journal explains', async () => {
    const { mock: sound } = await stripeWorld()
    const mock = createMock({
      document: sound.document,
      clock: virtualClock({ startMs }),
      behaviour: {
        ...stripeBehaviour,
        start: (world) => ({
          ...stripeBehaviour.start(world),
          handler: () => () => {
            throw new TypeError('a defect')
          },
        }),
      },
    })
    const response = await mock(
      new Request('https://api.test/v1/customers', { headers: { authorization: 'Bearer sk_test_x' } }),
    )
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error: { type: 'api_error' } })
    const note = mock.journal.entries().find(({ kind }) => kind === 'note')
    expect(note).toMatchObject({ note: expect.stringContaining('TypeError: a defect at ') })
  })

  test('closes its outbox when it is disposed of', async () => {
    const { mock, post, clock } = await stripeWorld(options)
    await clock.run(() => post('/v1/customers'))
    await mock[Symbol.asyncDispose]()
    expect(clock.pending).toBe(0)
  })
})
