import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { serve } from '../../src/adapters/node-server.ts'
import { createStripeClient } from '../../src/clients/stripe.ts'
import {
  createUsage,
  type Pact,
  pactFile,
  recordMessages,
  recordUsage,
  verifierFilter,
} from '../../src/contracts/index.ts'
import { textOf } from '../../src/core/body.ts'
import { lightRequest, lightResponse } from '../../src/core/light.ts'
import { type Service, stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { wire } from '../../src/core/wire.ts'
import { type Node } from '../../src/openapi/model.ts'
import { type Mock } from '../../src/mocks/mock.ts'
import { createStripeMock } from '../../src/mocks/providers/stripe/create-stripe-mock.ts'
import { stripe as manifest } from '../../src/providers/stripe.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'

const apiKey = 'sk_test_pact_canary'
const authorization = `Bearer ${apiKey}`
const webhookSecret = 'whsec_pact_canary'

const folder = mkdtempSync(join(tmpdir(), 'goodfence-pact-'))
const file = join(folder, 'checkout-stripe.json')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => vi.stubEnv('PACT_DO_NOT_TRACK', 'true'))
afterEach(() => vi.unstubAllEnvs())

/** Everything that a small shop does, once, with its calls and webhooks recorded. */
async function recordRun(): Promise<{ pact: Pact; text: string }> {
  const clock = virtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const usage = createUsage()
  const inbox = createMemoryInbox({ clock })
  const receiver = createReceiver({ provider: manifest, secrets: [webhookSecret], inbox, clock })
  const heard = recordMessages(usage, (event) => (event as { type: string }).type)(receiver)
  const webhooks = [{ url: 'https://shop.test/hooks', service: heard, secret: webhookSecret }]
  await using mock = await createStripeMock({ clock, webhooks })
  const stripe = createStripeClient({ apiKey, clock, fetch: stack(recordUsage(usage))(wire(mock)) })

  await clock.run(async () => {
    const customer = await stripe.POST('/v1/customers', { body: { name: 'Ada', email: 'ada@example.test' } })
    const id = customer.data?.id as string
    const body = {
      amount: 1_000,
      currency: 'eur',
      customer: id,
      payment_method: 'pm_card_visa',
      confirm: true,
      payment_method_types: ['card'],
    }
    const intent = await stripe.POST('/v1/payment_intents', { body })
    const declined = { ...body, payment_method: 'pm_card_chargeDeclined' }
    await stripe.POST('/v1/payment_intents', { body: declined })
    const path = { intent: intent.data?.id as string }
    await stripe.GET('/v1/payment_intents/{intent}', { params: { path } })
    await stripe.POST('/v1/refunds', { body: { payment_intent: path.intent } })
    await stripe.GET('/v1/customers', { params: { query: { limit: 3 } } })
    await stripe.GET('/v1/customers/{customer}', { params: { path: { customer: 'cus_nobody' } } })
    await clock.sleep(1_000)
  })
  const pact = pactFile({
    consumer: 'checkout',
    provider: 'stripe',
    usage,
    document: mock.document,
    kindOf: (value) => value['object'],
  })
  return { pact, text: JSON.stringify(pact, null, 2) }
}

/** Asks a service what the state handlers need to bring about. */
function callerOf(service: Service) {
  return async (path: string, fields: Record<string, string>): Promise<{ id: string }> => {
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const body = String(new URLSearchParams(fields))
    const response = await service(lightRequest({ method: 'POST', url: `https://stripe.test${path}`, headers, body }))
    return JSON.parse(await textOf(response)) as { id: string }
  }
}

const payment = {
  amount: '700',
  currency: 'eur',
  confirm: 'true',
  payment_method: 'pm_card_visa',
  'payment_method_types[]': 'card',
}

/** Has Pact's own verifier judge a provider, served over HTTP. */
async function verify(provider: Service, mock: Mock, tell = (event: Node): Node => event): Promise<string> {
  const { Verifier } = await import('@pact-foundation/pact')
  const call = callerOf(mock)
  await using server = await serve(provider)
  const logFile = join(folder, 'verifier.log')
  const eventOf = (type: string) => async () => {
    const { id } = await call('/v1/payment_intents', payment)
    await call('/v1/refunds', { payment_intent: id })
    await call('/v1/payment_intents', { ...payment, payment_method: 'pm_card_chargeDeclined' })
    return tell(mock.objects('event').find((event) => event['type'] === type) as Node)
  }
  const types = (JSON.parse(readFileSync(file, 'utf8')) as Pact).interactions
    .filter(({ type }) => type === 'Asynchronous/Messages')
    .map(({ description }) => description as string)
  const verifier = new Verifier({
    provider: 'stripe',
    providerBaseUrl: server.url,
    pactUrls: [file],
    logLevel: 'error',
    logFile,
    requestFilter: verifierFilter({ headers: { authorization } }),
    stateHandlers: {
      '/v1/customers/{customer} exists': async () => ({ customer: (await call('/v1/customers', {})).id }),
      '/v1/payment_intents/{intent} exists': async () => ({ intent: (await call('/v1/payment_intents', payment)).id }),
    },
    messageProviders: Object.fromEntries(types.map((type) => [type, eventOf(type)])),
  })
  return await verifier.verifyProvider()
}

const changed =
  (change: (body: Node) => Node) =>
  (service: Service): Service =>
  async (request) => {
    const response = await service(request)
    const body = JSON.stringify(change(JSON.parse(await textOf(response)) as Node))
    return lightResponse(body, { status: response.status, headers: response.headers })
  }
const without = (field: string) => changed(({ [field]: _, ...rest }) => rest)
const withField = (field: string, value: unknown) => changed((body) => ({ ...body, [field]: value }))
const withStatus =
  (status: number) =>
  (service: Service): Service =>
  async (request) =>
    lightResponse(await textOf(await service(request)), { status, headers: { 'content-type': 'application/json' } })

let pact: Pact
let text: string
beforeAll(async () => {
  ;({ pact, text } = await recordRun())
  writeFileSync(file, text)
})

describe('a pact written from a real run', () => {
  test('holds what was used, calls and events', () => {
    expect(pact.interactions.map(({ description }) => description)).toMatchInlineSnapshot(`
      [
        "GET /v1/customers with limit answers 200",
        "GET /v1/customers/{customer} answers 404",
        "GET /v1/payment_intents/{intent} answers 200",
        "POST /v1/customers with email, name answers 200",
        "POST /v1/payment_intents with amount, confirm, currency, customer, payment_method, payment_method_types answers 200",
        "POST /v1/payment_intents with amount, confirm, currency, customer, payment_method, payment_method_types answers 402",
        "POST /v1/refunds with payment_intent answers 200",
        "charge.failed",
        "charge.refunded",
        "charge.succeeded",
        "customer.created",
        "payment_intent.created",
        "payment_intent.payment_failed",
        "payment_intent.succeeded",
        "refund.created",
      ]
    `)
  })

  test('is the same bytes for the same run, and holds no secret', async () => {
    expect((await recordRun()).text).toBe(text)
    expect(text).not.toMatch(/canary|authorization|_secret_|idempotency-key/i)
  })

  test("is kept by the mock, says Pact's own verifier", async () => {
    await using mock = await createStripeMock({ seed: 2 })
    await verify(mock, mock)
    expect(Object.keys(mock.requests).toSorted()).toEqual([
      'GET /v1/customers',
      'GET /v1/customers/{customer}',
      'GET /v1/payment_intents/{intent}',
      'POST /v1/customers',
      'POST /v1/payment_intents',
      'POST /v1/refunds',
    ])
  })

  // Only the named interaction is verified, so that nothing else can be what is refused.
  test.each([
    ['loses a required field', 'GET /v1/payment_intents/.intent. answers 200', without('currency')],
    ['loses a field of a list', 'GET /v1/customers with limit answers 200', without('has_more')],
    ['answers an unknown word', 'GET /v1/payment_intents/.intent. answers 200', withField('status', 'paid')],
    ['answers a text for a number', 'POST /v1/refunds with payment_intent answers 200', withField('amount', '700')],
    ['has another status', 'GET /v1/customers/.customer. answers 404', withStatus(410)],
  ] as const)('is broken by a provider that %s', async (_, only, breaks) => {
    vi.stubEnv('PACT_DESCRIPTION', only)
    await using mock = await createStripeMock({ seed: 2 })
    await expect(verify(mock, mock)).resolves.toBeDefined()
    await expect(verify(breaks(mock), mock)).rejects.toThrow('Verif')
  })

  test('is broken by an event that loses a required field of its object', async () => {
    vi.stubEnv('PACT_DESCRIPTION', 'refund.created')
    await using mock = await createStripeMock({ seed: 2 })
    const tell = (event: Node): Node => ({ ...event, data: { object: { object: 'refund' } } })
    await expect(verify(mock, mock)).resolves.toBeDefined()
    await expect(verify(mock, mock, tell)).rejects.toThrow('Verif')
  })
})
