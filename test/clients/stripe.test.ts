import { describe, expect, expectTypeOf, test } from 'vitest'
import { createStripeClient, type StripeClientOptions } from '../../src/clients/stripe.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Line, scripted } from '../support/scripted.ts'

function world(lines: Line[], options: Partial<StripeClientOptions> = {}) {
  const clock = virtualClock()
  const urls: string[] = []
  const provider = scripted(clock, ...lines)
  const stripe = createStripeClient({
    apiKey: 'sk_test_1',
    clock,
    fetch: (request, context) => {
      urls.push(`${request.method} ${request.url}`)
      return provider(request, context)
    },
    ...options,
  })
  return { clock, urls, provider, stripe }
}

const json =
  (body: object, status = 200) =>
  async () =>
    Response.json(body, { status })

describe('createStripeClient', () => {
  test('creates with a form, a key and the API key', async () => {
    const { clock, urls, provider, stripe } = world([json({ id: 'pi_1', object: 'payment_intent' })])

    const { data } = await clock.run(() =>
      stripe.POST('/v1/payment_intents', { body: { amount: 1_000, currency: 'eur', metadata: { order: '7' } } }),
    )

    expect(data?.id).toBe('pi_1')
    expect(urls).toEqual(['POST https://api.stripe.com/v1/payment_intents'])
    const [seen] = provider.requests
    expect(seen?.body).toBe('amount=1000&currency=eur&metadata[order]=7')
    expect(Object.fromEntries(seen?.headers ?? [])).toEqual({
      authorization: 'Bearer sk_test_1',
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
  })

  test('reads with bracketed queries and no content type', async () => {
    const { clock, urls, provider, stripe } = world([json({ data: [], has_more: false })])

    await clock.run(() =>
      stripe.GET('/v1/customers', { params: { query: { limit: 3, expand: ['data.x'], created: { gte: 5 } } } }),
    )

    expect(urls).toEqual(['GET https://api.stripe.com/v1/customers?limit=3&expand[0]=data.x&created[gte]=5'])
    expect(provider.requests[0]?.headers.has('content-type')).toBe(false)
  })

  test('gives a refusal of the provider as an error, not thrown', async () => {
    const { clock, stripe } = world([json({ error: { type: 'card_error', code: 'card_declined' } }, 402)])

    const { data, error, response } = await clock.run(() =>
      stripe.POST('/v1/payment_intents/{intent}/confirm', { params: { path: { intent: 'pi_1' } } }),
    )

    expect(data).toBeUndefined()
    expect(error).toMatchObject({ error: { code: 'card_declined' } })
    expect(response.status).toBe(402)
  })

  test('sends a lost create again, byte for byte, under the caller’s key', async () => {
    const { clock, provider, stripe } = world(['reset', json({ id: 'pi_1' })])

    await clock.run(() =>
      stripe.POST('/v1/payment_intents', {
        body: { amount: 1_000, currency: 'eur' },
        headers: { 'idempotency-key': 'order-7' },
      }),
    )

    expect(provider.requests.map(({ body, headers }) => [body, headers.get('idempotency-key')])).toEqual([
      ['amount=1000&currency=eur', 'order-7'],
      ['amount=1000&currency=eur', 'order-7'],
    ])
  })

  test('ends a call in the turn in which the caller gives up', async () => {
    const { stripe } = world(['hang'])
    const controller = new AbortController()
    const call = stripe.GET('/v1/customers', { signal: controller.signal })

    controller.abort(new Error('gone'))

    await expect(call).rejects.toThrow('gone')
  })

  test('names version and account where it is told to', async () => {
    const { clock, provider, stripe } = world([json({})], { apiVersion: '2026-10-28.endive', account: 'acct_1' })

    await clock.run(() => stripe.GET('/v1/customers'))

    expect(Object.fromEntries(provider.requests[0]?.headers ?? [])).toMatchObject({
      'stripe-version': '2026-10-28.endive',
      'stripe-account': 'acct_1',
    })
  })

  test('takes the key of the moment for each attempt', async () => {
    const keys = ['sk_test_old', 'sk_test_new']
    const { clock, provider, stripe } = world([503, json({})], { apiKey: () => keys.shift() ?? '' })

    await clock.run(() => stripe.GET('/v1/customers'))

    expect(provider.requests.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer sk_test_old',
      'Bearer sk_test_new',
    ])
  })

  test('has the service behind it for what has no type', async () => {
    const { clock, provider, stripe } = world([json({})])

    await clock.run(() => stripe.service(new Request('https://api.stripe.com/v1/balance')))

    expect(provider.requests).toHaveLength(1)
  })

  test('knows the types of the document', () => {
    const { stripe } = world([])
    const create = () => stripe.POST('/v1/payment_intents', { body: { amount: 1, currency: 'eur' } })

    expectTypeOf<NonNullable<Awaited<ReturnType<typeof create>>['data']>['id']>().toEqualTypeOf<string>()
    // @ts-expect-error -- an amount is a number
    void (() => stripe.POST('/v1/payment_intents', { body: { amount: '1', currency: 'eur' } }))
    // @ts-expect-error -- there is no such path
    void (() => stripe.GET('/v1/payment_intent'))
  })
})
