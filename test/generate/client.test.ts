import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '@goodfence/generate'
import { afterAll, expect, test } from 'vitest'
import type { createClient } from '../../src/clients/client.ts'

const root = join(import.meta.dirname, '../..')

// Inside the repository, so that the generated file finds `goodfence/clients`.
mkdirSync(join(root, '.goodfence'), { recursive: true })
const outDir = mkdtempSync(join(root, '.goodfence/generated-'))
afterAll(() => rmSync(outDir, { recursive: true }))

const { files } = await generate({ document: join(root, 'specs/stripe/openapi.yaml'), outDir })

type Options = NonNullable<Parameters<typeof createClient>[0]> & { baseUrl?: string }
type Call = (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
const { createStripeClient } = (await import(files[1] as string)) as {
  readonly createStripeClient: (options: Options) => { GET: Call; POST: Call; DELETE: Call; service: unknown }
}

interface Sent {
  readonly url: string
  readonly type: string | null
  readonly body: string
}

function scripted(answer: () => Response) {
  const sent: Sent[] = []
  const client = createStripeClient({
    retry: false,
    async fetch(request) {
      const { url, headers } = request
      sent.push({ url, type: headers.get('content-type'), body: await request.clone().text() })
      return answer()
    },
  })
  return { client, sent }
}

test('a generated client writes forms and queries as the document asks', async () => {
  const { client, sent } = scripted(() => Response.json({ id: 'cus_1' }))

  await client.POST('/v1/payment_intents', {
    body: { amount: 4200, currency: 'gbp', metadata: { 'order id': 'ä' }, payment_method_types: ['card', 'link'] },
  })
  await client.GET('/v1/charges', {
    params: { query: { limit: 3, created: { gte: 1 }, expand: ['data.customer'], customer: undefined } },
  })
  await client.DELETE('/v1/customers/{customer}', { params: { path: { customer: 'cus_1' } } })

  expect(sent).toEqual([
    {
      url: 'https://api.stripe.com/v1/payment_intents',
      type: 'application/x-www-form-urlencoded',
      body: 'amount=4200&currency=gbp&metadata%5Border%20id%5D=%C3%A4&payment_method_types%5B0%5D=card&payment_method_types%5B1%5D=link',
    },
    {
      url: 'https://api.stripe.com/v1/charges?limit=3&created%5Bgte%5D=1&expand%5B0%5D=data.customer',
      type: null,
      body: '',
    },
    { url: 'https://api.stripe.com/v1/customers/cus_1', type: null, body: '' },
  ])
})

test('a generated client tells data from errors, and calls where it is told', async () => {
  const refusal = { error: { type: 'invalid_request_error' } }
  const { client } = scripted(() => Response.json(refusal, { status: 404 }))
  const { data, error, response } = await client.GET('/v1/events', {})
  expect({ data, error, status: response.status }).toEqual({ data: undefined, error: refusal, status: 404 })

  const urls: string[] = []
  const elsewhere = createStripeClient({
    baseUrl: 'http://127.0.0.1:4010',
    fetch(request) {
      urls.push(request.url)
      return Promise.resolve(Response.json({ id: 'evt_1' }))
    },
  })
  await elsewhere.GET('/v1/events/{id}', { params: { path: { id: 'evt_1' } } })
  expect(urls).toEqual(['http://127.0.0.1:4010/v1/events/evt_1'])
})

const uses = `
import { createStripeClient } from './stripe-client.ts'

const stripe = createStripeClient({ deadline: { timeoutMs: 5_000 } })
const body = { amount: 4200, currency: 'gbp', metadata: { order_id: 'order-1' } }
const { data, error } = await stripe.POST('/v1/payment_intents', { body })
const status: 'succeeded' | 'canceled' | undefined | string = data?.status
const code: string | undefined = error?.error.code
export { code, status }

// @ts-expect-error an amount is a number
await stripe.POST('/v1/payment_intents', { body: { amount: '42', currency: 'gbp' } })
// @ts-expect-error a currency is needed
await stripe.POST('/v1/payment_intents', { body: { amount: 42 } })
// @ts-expect-error there is no such path
await stripe.GET('/v1/teapots')
// @ts-expect-error an intent has a status of its own
export const wrong: 'teapot' | undefined = data?.status
`

test('a generated client checks calls against the document', () => {
  writeFileSync(join(outDir, 'uses.ts'), uses)
  writeFileSync(join(outDir, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['*.ts'] }))
  expect(tsc()).toBe('')
})

function tsc(): string {
  try {
    return execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', outDir], { encoding: 'utf8' })
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout)
  }
}
