import { beforeEach, describe, expect, test } from 'vitest'
import { type Journal } from '../../../src/core/journal.ts'
import { lightRequest, lightResponse } from '../../../src/core/light.ts'
import { type Service } from '../../../src/core/service.ts'
import { type VirtualClock, virtualClock } from '../../../src/core/virtual-clock.ts'
import { wire } from '../../../src/core/wire.ts'
import { adminService } from '../../../src/mocks/admin/service.ts'
import { type Mock, createMock } from '../../../src/mocks/mock.ts'
import { readDocument } from '../../../src/openapi/document.ts'
import { createStripeMock } from '../../../src/mocks/providers/stripe/create-stripe-mock.ts'

const token = 'token-of-this-start'
let clock: VirtualClock
let mock: Mock
let second: Mock
let admin: Service
let arrived: string[]

beforeEach(async () => {
  clock = virtualClock({ startMs: Date.UTC(2026, 0, 31) })
  arrived = []
  const receiver: Service = async (request) => {
    arrived.push(((await request.json()) as { type: string }).type)
    return lightResponse(null, { status: 204 })
  }
  mock = await createStripeMock({ clock, webhooks: [{ url: 'http://shop.test/webhooks', service: receiver }] })
  second = await createStripeMock({ clock, seed: 2 })
  admin = adminService([mock, second], { token })
})

interface Call {
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

async function call(method: string, path: string, { body, headers = {} }: Call = {}) {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  const response = await admin(
    lightRequest({
      url: `http://127.0.0.1:4011${path}`,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: text,
    }),
  )
  const answer = await response.text()
  return { status: response.status, headers: response.headers, body: answer === '' ? undefined : JSON.parse(answer) }
}

function stripe(to: Mock, path: string, form: string) {
  const headers = { authorization: 'Bearer sk_test_1', 'content-type': 'application/x-www-form-urlencoded' }
  return clock.run(() =>
    wire(to)(lightRequest({ url: `https://api.stripe.com${path}`, method: 'POST', headers, body: form })),
  )
}

describe('the gates of the admin API', () => {
  test.each([
    ['no token', { authorization: '' }],
    ['a wrong token', { authorization: 'Bearer token-of-this-starT' }],
    ['a token of another scheme', { authorization: `Basic ${token}` }],
  ])('refuse %s', async (_, headers) => {
    const { status, body, headers: answered } = await call('GET', '/faults', { headers })

    expect(status).toBe(401)
    expect(answered.get('www-authenticate')).toMatch(/^Bearer/)
    expect(body.error).toMatchObject({ code: 'token_refused', message: expect.stringContaining('printed at start') })
  })

  test('tell anyone on this machine that the server is well', async () => {
    expect(await call('GET', '/health', { headers: { authorization: '' } })).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    })
  })

  const asHost = (host: string, service = admin) =>
    service(lightRequest({ url: `http://${host}/health`, headers: { authorization: `Bearer ${token}` } }))

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.1.7:4011',
    'xlocalhost',
    '[::2]',
  ])('refuse the host %s', async (host) => {
    const response = await asHost(host)

    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { code: 'host_refused' } })
  })

  test.each(['localhost:4011', '127.0.0.1', '127.1.2.3:4011', '[::1]:4011', 'goodfence.localhost'])(
    'let the host %s in',
    async (host) => {
      expect((await asHost(host)).status).toBe(200)
    },
  )

  test('let in a host that is named, and still no other', async () => {
    const open = adminService([mock], { token, hosts: ['CI-Runner'] })

    expect((await asHost('ci-runner:4011', open)).status).toBe(200)
    expect((await asHost('ci-runner2:4011', open)).status).toBe(403)
  })

  test.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['an origin that hides', { origin: 'null' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a sister site', { 'sec-fetch-site': 'same-site' }],
  ])('refuse %s', async (_, headers) => {
    expect(await call('GET', '/health', { headers })).toMatchObject({
      status: 403,
      body: { error: { code: 'origin_refused' } },
    })
  })

  test('let in pages of its own, and never invite others', async () => {
    const { status, headers } = await call('GET', '/faults', {
      headers: { origin: 'http://127.0.0.1:4011', 'sec-fetch-site': 'same-origin' },
    })

    expect(status).toBe(200)
    expect(headers.has('access-control-allow-origin')).toBe(false)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('refuse a body that is not said to be JSON', async () => {
    const outcome = await call('PUT', '/faults', { body: { faults: [] }, headers: { 'content-type': 'text/plain' } })

    expect(outcome).toMatchObject({ status: 415, body: { error: { code: 'content_type_refused' } } })
  })
})

describe('the admin API', () => {
  test('lists the mocks, each with a name of its own', async () => {
    const { body } = await call('GET', '/mocks')

    expect(body.mocks).toMatchObject([
      { name: 'stripe', faults: 0 },
      { name: 'stripe-2', faults: 0 },
    ])
  })

  test('resets a mock to its start', async () => {
    await stripe(mock, '/v1/customers', 'name=Ada')
    expect(mock.objects('customer')).toHaveLength(1)

    expect((await call('POST', '/reset')).status).toBe(204)
    expect(mock.objects('customer')).toEqual([])
  })

  test('reaches each mock by its name', async () => {
    await stripe(mock, '/v1/customers', 'name=Ada')
    await stripe(second, '/v1/customers', 'name=Ada')
    await call('POST', '/mocks/stripe-2/reset')

    expect([mock.objects('customer').length, second.objects('customer').length]).toEqual([1, 0])
  })

  test('puts a plan to work, shows it and heals', async () => {
    const plan = { faults: [{ on: { operation: 'POST /v1/customers' }, fault: { kind: 'status', status: 503 } }] }

    expect(await call('PUT', '/faults', { body: plan })).toMatchObject({ status: 200, body: plan })
    expect((await stripe(mock, '/v1/customers', 'name=Ada')).status).toBe(503)
    expect((await call('GET', '/faults')).body).toEqual(plan)
    expect((await call('DELETE', '/faults')).status).toBe(204)
    expect((await stripe(mock, '/v1/customers', 'name=Ada')).status).toBe(200)
  })

  test.each([
    [
      'an unknown kind',
      { faults: [{ fault: { kind: 'lost-replay' } }] },
      '/faults/0/fault/kind is "lost-replay", which is no kind of fault. Did you mean "lost-reply"?',
    ],
    [
      'an operation that the document lacks',
      { faults: [{ on: { operation: 'POST /v1/custmers' }, fault: { kind: 'hang' } }] },
      '/faults/0/on/operation',
    ],
    [
      'an event that is never sent',
      { faults: [{ on: { event: 'paymnt_intent.*' }, fault: { kind: 'drop' } }] },
      'Did you mean "payment_intent.*"?',
    ],
    ['no JSON', '{', 'is not JSON'],
  ])('refuses a plan with %s and keeps the one in force', async (_, body, message) => {
    const before = mock.plan
    const outcome = await call('PUT', '/faults', { body })

    expect(outcome).toMatchObject({
      status: 400,
      body: { error: { code: 'plan_invalid', message: expect.stringContaining(message) } },
    })
    expect(mock.plan).toBe(before)
  })

  test('refuses a plan that is too large', async () => {
    expect(await call('PUT', '/faults', { body: ' '.repeat(2 ** 20 + 1) })).toMatchObject({
      status: 413,
      body: { error: { code: 'body_too_large' } },
    })
  })

  test('shows the journal, by fields, from a place on, and so much of it', async () => {
    await stripe(mock, '/v1/customers', 'name=Ada')
    await stripe(mock, '/v1/customers', 'name=Bob')
    const all = await call('GET', '/journal')
    const requests = await call('GET', '/journal?kind=request&seen=mock&limit=1')
    const later = await call('GET', `/journal?kind=request&after=${requests.body.entries[0].seq}`)

    expect(all.body.entries).toEqual((mock.journal satisfies Journal).entries())
    expect(requests.body).toMatchObject({
      total: 2,
      entries: [{ operation: 'POST /v1/customers', exchange: 'mock-1' }],
    })
    expect(later.body.entries).toMatchObject([{ exchange: 'mock-2' }])
  })

  test('shows what became of deliveries and sends one again', async () => {
    await stripe(mock, '/v1/customers', 'name=Ada')
    await clock.advance(100)
    const { body } = await call('GET', '/deliveries?type=customer.created&state=delivered')
    expect(body).toMatchObject({
      total: 1,
      pending: 0,
      deliveries: [{ type: 'customer.created', attempts: [{ status: 204 }] }],
    })

    expect(await call('POST', `/deliveries/${body.deliveries[0].id}/resend`)).toMatchObject({
      status: 202,
      body: { resent: 1 },
    })
    await clock.advance(100)
    expect(arrived).toEqual(['customer.created', 'customer.created'])
  })

  test('lists endpoints without their secrets, and enables one that was disabled', async () => {
    const url = 'http://shop.test/webhooks'
    expect((await call('GET', '/endpoints')).body).toEqual({ endpoints: [{ url }] })

    expect((await call('POST', `/endpoints/enable?url=${encodeURIComponent(url)}`)).status).toBe(204)
    expect(await call('POST', '/endpoints/enable?url=nowhere')).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_id' } },
    })
    expect(await call('POST', '/endpoints/enable')).toMatchObject({ status: 400, body: { error: { code: 'usage' } } })
  })

  test('says how many deliveries of an event it sends again', async () => {
    for (const at of ['a', 'b'])
      mock.outbox.addTarget({ url: `http://${at}.test/`, service: async () => lightResponse('') })
    await stripe(mock, '/v1/customers', 'name=Ada')
    await clock.advance(100)
    const { event } = (await call('GET', '/deliveries')).body.deliveries[0]

    expect((await call('POST', `/deliveries/${event}/resend`)).body).toEqual({ resent: 3 })
  })

  test('lists every path once when it has none of that name', async () => {
    const message = (await call('GET', '/nothing-like-that')).body.error.message as string

    expect(message).toBe(
      'The admin API has no /nothing-like-that. Known: /health, /mocks, /reset, /faults, /journal, /deliveries, /deliveries/{id}/resend, /resend, /endpoints, /endpoints/enable, /actions/{id}.',
    )
  })

  test('calls the mock of a document by its title, as a URL can', async () => {
    const raw = {
      openapi: '3.1.0',
      info: { title: 'Swagger Petstore - OpenAPI 3.1, Extended and Annotated Edition', version: '1' },
      paths: { '/pets': { get: { responses: { 200: { description: 'Pets' } } } } },
    }
    admin = adminService([mock, createMock({ document: readDocument(raw, 'pets.json'), clock })], { token })
    const { body } = await call('GET', '/mocks')

    expect(body.mocks[1]).toMatchObject({ name: 'swagger-petstore-openapi-3-1-extended-an', title: raw.info.title })
    expect((await call('GET', '/mocks/swagger-petstore-openapi-3-1-extended-an/faults')).status).toBe(200)
  })

  test.each([
    ['the start', '2026-01-31T00:00:00Z', 1],
    ['milliseconds', `${Date.UTC(2026, 0, 31)}`, 1],
    ['later', '2026-02-01', 0],
  ])('sends again what was made since %s', async (_, since, resent) => {
    await stripe(mock, '/v1/customers', 'name=Ada')
    await clock.advance(100)

    expect(await call('POST', `/resend?since=${since}`)).toMatchObject({ status: 202, body: { resent } })
    await clock.advance(100)
    expect(arrived).toHaveLength(1 + resent)
  })

  test.each(['succeed', 'fail'])('ends what waits for a person: %s', async (outcome) => {
    const form =
      'amount=1000&currency=eur&confirm=true&payment_method=pm_card_authenticationRequired&return_url=https://shop.test/back'
    const intent = (await (await stripe(mock, '/v1/payment_intents', form)).json()) as { id: string; status: string }
    expect(intent.status).toBe('requires_action')

    expect(await call('POST', `/actions/${intent.id}`, { body: { outcome } })).toMatchObject({
      status: 200,
      body: { id: intent.id, outcome },
    })
    expect(mock.objects('payment_intent')[0]?.['status']).toBe(
      outcome === 'succeed' ? 'succeeded' : 'requires_payment_method',
    )
    expect(await call('POST', `/actions/${intent.id}`, { body: { outcome } })).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_id' } },
    })
  })

  test.each([
    ['POST', '/actions/pi_1', { outcome: 'perhaps' }, 400, 'usage'],
    ['POST', '/actions/pi_1', '{', 400, 'usage'],
    ['POST', '/deliveries/nope/resend', undefined, 404, 'unknown_id'],
    ['POST', '/resend', undefined, 400, 'usage'],
    ['POST', '/resend?since=yesterday', undefined, 400, 'usage'],
    ['GET', '/journal?limit=many', undefined, 400, 'usage'],
    ['GET', '/journal?knd=request', undefined, 400, 'unknown_parameter'],
    ['GET', '/jurnal', undefined, 404, 'unknown_path'],
    ['GET', '/mocks/strip/faults', undefined, 404, 'unknown_mock'],
    ['GET', '/mocks/%E0%A4%A/faults', undefined, 404, 'unknown_mock'],
    ['PATCH', '/faults', undefined, 405, 'method_refused'],
    ['POST', '/health', undefined, 405, 'method_refused'],
    ['POST', '/actions/a/b', { outcome: 'fail' }, 404, 'unknown_path'],
    ['POST', '/__proto__', undefined, 404, 'unknown_path'],
  ])('refuses %s %s with %j: %i', async (method, path, body, status, code) => {
    const outcome = await call(method, path, { body })

    expect(outcome).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } })
  })

  test('says which methods a path takes', async () => {
    expect((await call('PATCH', '/faults')).headers.get('allow')).toBe('GET, PUT, DELETE')
  })
})
