import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { documentBehaviour } from '../../src/mocks/document-behaviour.ts'
import { createMock } from '../../src/mocks/mock.ts'
import { type Role, inferRoles } from '../../src/mocks/resources/infer.ts'
import { loadDocument } from '../../src/openapi/load.ts'
import { type ApiDocument, type Operation } from '../../src/openapi/model.ts'
import { sampleSchema } from '../../src/openapi/sample.ts'
import { validateResponse } from '../../src/openapi/validate-response.ts'
import { stripePaymentMethodTypes } from '../../src/providers/stripe-payment-methods.ts'
import { externalFolder, filesIn } from '../openapi/external.ts'
import { stripeWorld } from './providers/stripe/stripe-world.ts'

const folder = externalFolder('GOODFENCE_OFFICIAL_SPECS')
const load = (path: string) => loadDocument(path, { cacheDir: false })
const verbs: readonly Role['verb'][] = ['create', 'replace', 'list', 'read', 'update', 'act', 'delete']

/** A body that an operation takes, where it takes JSON. */
function jsonFor(document: ApiDocument, operation: Operation): { type: string; text: string } | undefined {
  const [type, media] =
    Object.entries(operation.requestBody?.content ?? {}).find(([type]) => type.includes('json')) ?? []
  if (type === undefined || media?.['schema'] === undefined) return undefined
  const value = sampleSchema(document, media['schema'] as object as never, seededRandom(1, operation.name), 'request')
  return { type, text: JSON.stringify(value) }
}

/** Does to every resource, in a sensible order, whatever the document knows; says which answers it would not allow. */
async function exercised(document: ApiDocument): Promise<{ statuses: Set<number>; wrong: string[] }> {
  const { authenticate: _, ...behaviour } = documentBehaviour(document)
  const mock = createMock({ document, behaviour, clock: virtualClock(), validate: false })
  const roles = [...inferRoles(document).values()].sort((a, b) => verbs.indexOf(a.verb) - verbs.indexOf(b.verb))
  const ids = new Map<string, string>()
  const statuses = new Set<number>()
  const wrong: string[] = []
  const step = Math.ceil(roles.length / 60)
  for (const { operation, resource, verb } of roles.filter((_, at) => at % step === 0)) {
    const own = `{${resource.idParameter}}`
    const path = operation.template.replaceAll(/\{([^{}]+)\}/g, (place, name: string) =>
      encodeURIComponent((place === own ? ids.get(resource.collection) : undefined) ?? ids.get(name) ?? '1'),
    )
    const json = operation.method === 'GET' ? undefined : jsonFor(document, operation)
    const response = await mock(
      new Request(`https://api.test${path}`, {
        method: operation.method,
        headers: json === undefined ? {} : { 'content-type': json.type },
        ...(json === undefined ? {} : { body: json.text }),
      }),
    )
    statuses.add(response.status)
    const text = await response.text()
    const made = verb === 'create' && response.ok ? mock.objects(resource.kind).at(-1)?.[resource.idField] : undefined
    if (made !== undefined)
      for (const name of [resource.collection, resource.idParameter ?? '']) ids.set(name, `${made as string | number}`)
    const problems =
      text === ''
        ? []
        : validateResponse(document, operation, response.status, response.headers.get('content-type'), JSON.parse(text))
    const told = problems
      .filter(({ keyword }) => keyword !== 'status')
      .map(({ pointer, message }) => `${pointer} ${message}`)
    if (told.length > 0) wrong.push(`${operation.name} ${response.status}: ${told.join('; ')}`)
  }
  return { statuses, wrong }
}

/** Answers whose schemas contradict themselves, so that nothing fits them. */
const impossible = /^mailgun\.yaml (?:GET|POST|PUT) \/v1\/thresholds\/alerts\/send/

describe.runIf(folder !== undefined)('a mock of an official document', () => {
  const files =
    folder === undefined
      ? []
      : filesIn(folder, /\.(?:yaml|json)$/).filter((path) => !/SOURCES|fixtures|swagger2|webhooks/.test(path))

  test.each(files.map((path) => [basename(path), path]))(
    '%s answers only what the document allows',
    async (name, path) => {
      const { statuses, wrong } = await exercised(await load(path))
      expect(wrong.filter((each) => !impossible.test(`${name} ${each}`))).toEqual([])
      expect([...statuses].filter((status) => status >= 500)).toEqual([])
    },
  )
})

describe.runIf(folder !== undefined)("the Stripe mock on Stripe's own document", () => {
  test('takes and refunds a payment, in answers that the document allows', async () => {
    const { post, get } = await stripeWorld({ document: await load(`${folder}/stripe.yaml`) })
    const { body: customer } = await post('/v1/customers', { email: 'ada@shop.test', address: { country: 'GB' } })
    const order = {
      amount: 4200,
      currency: 'usd',
      customer: customer.id,
      payment_method: 'pm_card_visa',
      payment_method_types: ['card'],
      confirm: true,
    }
    const { body: intent } = await post('/v1/payment_intents', {
      ...order,
      expand: ['latest_charge.balance_transaction', 'customer', 'payment_method'],
    })
    expect(intent.status).toBe('succeeded')
    expect((await post('/v1/payment_intents', { ...order, payment_method: 'pm_card_chargeDeclined' })).status).toBe(402)
    expect(
      (await post('/v1/payment_intents', { ...order, payment_method: 'pm_card_authenticationRequired' })).body.status,
    ).toBe('requires_action')
    const byBank = { ...order, payment_method: 'pm_usBankAccount_success', payment_method_types: ['us_bank_account'] }
    expect((await post('/v1/payment_intents', byBank)).body.status).toBe('processing')
    expect((await post('/v1/refunds', { payment_intent: intent.id })).body.status).toBe('succeeded')
    const { body: product } = await post('/v1/products', {
      name: 'Teapot',
      default_price_data: { currency: 'gbp', unit_amount: 4200 },
    })
    expect((await get(`/v1/prices/${product.default_price}`)).body.product).toBe(product.id)
    expect((await get('/v1/events', { limit: 100 })).body.data.length).toBeGreaterThan(10)
    expect(
      (await post('/v1/webhook_endpoints', { url: 'https://shop.test/hooks', enabled_events: ['*'] })).status,
    ).toBe(200)
  })

  test('knows the types of payment method that the document knows', async () => {
    const document = await load(`${folder}/stripe.yaml`)
    const type = document.resolve('#/components/schemas/payment_method/properties/type')
    expect(type).toMatchObject({ enum: stripePaymentMethodTypes })
  })

  test('keeps what it knows only from the document', async () => {
    const { post, get } = await stripeWorld({ document: await load(`${folder}/stripe.yaml`) })
    const { body: coupon } = await post('/v1/coupons', { percent_off: 25, duration: 'once' })
    expect(coupon).toMatchObject({ object: 'coupon', percent_off: 25, duration: 'once' })
    expect((await get(`/v1/coupons/${coupon.id}`)).body).toEqual(coupon)
    expect((await get('/v1/coupons')).body).toMatchObject({
      object: 'list',
      data: [{ id: coupon.id }],
      has_more: false,
    })
  })
})
