import { describe, expect, test } from 'vitest'
import { type Service } from '../../../../src/core/service.ts'
import { stripe } from '../../../../src/providers/stripe.ts'
import { verify } from '../../../../src/webhooks/signature.ts'
import { startMs, stripeWorld, order } from './stripe-world.ts'

const url = 'https://shop.test/webhooks'

/** A receiver that keeps what it gets. */
function inbox(status = 200) {
  const received: { text: string; headers: Headers }[] = []
  const service: Service = async (request) => {
    received.push({ text: await request.text(), headers: request.headers })
    return new Response(null, { status })
  }
  return { received, service }
}

describe('an event', () => {
  test('tells what happened, when, and who asked for it', async () => {
    const { post, get, mock } = await stripeWorld()
    const { body: customer, headers } = await post('/v1/customers', { name: 'Ada' })
    const { body: list } = await get('/v1/events')
    expect(list.data).toHaveLength(1)
    const { body: event } = await get(`/v1/events/${list.data[0].id}`)
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_[A-Za-z0-9]{24}$/),
      object: 'event',
      api_version: '2023-08-16',
      created: startMs / 1000,
      data: { object: customer },
      livemode: false,
      pending_webhooks: 0,
      request: { id: headers.get('request-id'), idempotency_key: null },
      type: 'customer.created',
    })
    expect(mock.objects('event')).toHaveLength(1)
  })

  test('keeps the object as it was then', async () => {
    const { post, get } = await stripeWorld()
    const { body: intent } = await post('/v1/payment_intents', { ...order, capture_method: 'manual' })
    await post(`/v1/payment_intents/${intent.id}/capture`)
    const { body } = await get('/v1/events', { type: 'payment_intent.*' })
    const states = body.data.map((event: { data: { object: { status: string } } }) => event.data.object.status)
    expect(states).toEqual(['succeeded', 'requires_capture', 'requires_confirmation'])
  })

  test('is found by type, types and time', async () => {
    const { post, get } = await stripeWorld()
    await post('/v1/payment_intents', order)
    await post('/v1/customers')
    const types = async (query: object) =>
      (await get('/v1/events', { ...query })).body.data.map(({ type }: { type: string }) => type)
    expect(await types({ type: 'charge.succeeded' })).toEqual(['charge.succeeded'])
    expect(await types({ types: ['customer.created', 'payment_intent.created'] })).toEqual([
      'customer.created',
      'payment_intent.created',
    ])
    expect(await types({ created: { gt: startMs / 1000 } })).toEqual([])
  })
})

describe('a webhook', () => {
  test('brings the event, signed as Stripe signs, after the answer', async () => {
    const { received, service } = inbox()
    const { post, clock, mock, get } = await stripeWorld({ webhooks: [{ url, service }] })
    const { body: intent } = await post('/v1/payment_intents', order)
    expect(received).toEqual([])
    const pending = await get('/v1/events', { delivery_success: false })
    expect(pending.body.data[0].pending_webhooks).toBe(1)

    await clock.run(() => clock.sleep(1_000))

    const events = received.map(({ text }) => JSON.parse(text))
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded']),
    )
    const paid = events.find(({ type }) => type === 'payment_intent.succeeded')
    expect(paid.data.object).toEqual(intent)
    const secret = mock.outbox.secretOf(url)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9]{32}$/)
    for (const { text, headers } of received) {
      const body = new TextEncoder().encode(text)
      expect(verify(stripe.webhooks.scheme, { headers, body, secrets: [secret], nowMs: clock.now() })).toMatchObject({
        ok: true,
      })
    }
    expect((await get(`/v1/events/${paid.id}`)).body.pending_webhooks).toBe(0)
    expect((await get('/v1/events', { delivery_success: false })).body.data).toEqual([])
  })

  test('is the JSON that Stripe sends: pretty-printed, two spaces, as if written in one go', async () => {
    const { received, service } = inbox()
    const { post, clock } = await stripeWorld({ webhooks: [{ url, service }] })
    const { body: customer } = await post('/v1/customers', {
      name: 'Ada "the first"\n$& Example',
      metadata: { a: '1' },
    })
    await post(`/v1/customers/${customer.id}`, { name: 'Eve' })
    await clock.run(() => clock.sleep(1_000))
    expect(received).toHaveLength(2)
    for (const { text } of received) expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2))
  })

  test('may arrive before the answer', async () => {
    const order: string[] = []
    const service: Service = async () => {
      order.push('webhook')
      return new Response()
    }
    const plan = { faults: [{ on: { event: 'customer.created' }, fault: { kind: 'early' } as const }] }
    const { post, clock } = await stripeWorld({ plan, webhooks: [{ url, service }] })
    await clock.run(async () => {
      await post('/v1/customers')
      order.push('answer')
    })
    expect(order).toEqual(['webhook', 'answer'])
  })

  test('is tried again until it is taken', async () => {
    let status = 500
    const times: number[] = []
    const { post, clock } = await stripeWorld({
      webhooks: [
        {
          url,
          service: async () => {
            times.push(clock.now() - startMs)
            return new Response(null, { status })
          },
        },
      ],
    })
    await post('/v1/customers')
    await clock.advance(10 * 60_000)
    status = 200
    await clock.advance(86_400_000)
    expect(times.map((ms) => Math.round(ms / 60_000))).toEqual([0, 1, 6, 36])
  })
})

describe('a webhook endpoint made through the API', () => {
  test('tells its secret once and hears what it asked for', async () => {
    const { received, service } = inbox()
    const { post, get, clock } = await stripeWorld({ deliver: service })
    const { body: endpoint } = await post('/v1/webhook_endpoints', {
      url,
      enabled_events: ['payment_intent.succeeded', 'customer.created'],
    })
    expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9]{32}$/)
    expect((await get(`/v1/webhook_endpoints/${endpoint.id}`)).body.secret).toBeUndefined()

    await post('/v1/payment_intents', order)
    await post('/v1/customers')
    await clock.run(() => clock.sleep(1_000))

    expect(new Set(received.map(({ text }) => JSON.parse(text).type))).toEqual(
      new Set(['customer.created', 'payment_intent.succeeded']),
    )
    for (const { text, headers } of received) {
      const body = new TextEncoder().encode(text)
      const verdict = verify(stripe.webhooks.scheme, { headers, body, secrets: [endpoint.secret], nowMs: clock.now() })
      expect(verdict.ok).toBe(true)
    }
  })

  test('hears nothing while it is disabled, nor after it was deleted', async () => {
    const { received, service } = inbox()
    const { post, del, get, clock } = await stripeWorld({ deliver: service })
    const { body: endpoint } = await post('/v1/webhook_endpoints', { url, enabled_events: ['*'] })
    const settle = () => clock.run(() => clock.sleep(1_000))

    expect((await post(`/v1/webhook_endpoints/${endpoint.id}`, { disabled: true })).body.status).toBe('disabled')
    await post('/v1/customers')
    await settle()
    expect(received).toHaveLength(0)

    await post(`/v1/webhook_endpoints/${endpoint.id}`, { disabled: false, enabled_events: ['customer.deleted'] })
    const { body: customer } = await post('/v1/customers')
    await del(`/v1/customers/${customer.id}`)
    await settle()
    expect(received.map(({ text }) => JSON.parse(text).type)).toEqual(['customer.deleted'])

    expect((await del(`/v1/webhook_endpoints/${endpoint.id}`)).body.deleted).toBe(true)
    expect((await get('/v1/webhook_endpoints')).body.data).toEqual([])
    const { body: last } = await post('/v1/customers')
    await del(`/v1/customers/${last.id}`)
    await settle()
    expect(received).toHaveLength(1)
  })

  test.each(['nowhere', 'ftp://shop.test/', 'https://user:secret@shop.test/', ''])('is refused at %s', async (bad) => {
    const { post, mock } = await stripeWorld()
    const { status, body } = await post('/v1/webhook_endpoints', { url: bad, enabled_events: ['*'] })
    expect(status).toBe(400)
    expect(body.error.param).toBe('url')
    expect(mock.objects('webhook_endpoint')).toEqual([])
  })
})
