import { describe, expect, test } from 'vitest'
import { clientCredentials } from '../../src/clients/auth/client-credentials.ts'
import { createClient } from '../../src/clients/client.ts'
import { createStripeClient } from '../../src/clients/stripe.ts'
import { createJournal } from '../../src/core/journal.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Service } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { wire } from '../../src/core/wire.ts'
import { oauthServer } from '../../src/mocks/oauth-server.ts'
import { issuedTokens } from '../../src/mocks/oauth-tokens.ts'
import { type FaultPlan } from '../../src/mocks/plan.ts'
import { createStripeMock } from '../../src/mocks/providers/stripe/create-stripe-mock.ts'

async function world(plan: FaultPlan) {
  const clock = virtualClock()
  const mock = await createStripeMock({ clock, seed: 1, plan })
  const journal = createJournal({ clock })
  const random = seededRandom(1, 'client')
  const stripe = createStripeClient({ apiKey: 'sk_test_1', clock, random, journal, fetch: wire(mock) })
  const pay = () =>
    clock.run(() =>
      stripe.POST('/v1/payment_intents', {
        body: {
          amount: 1_000,
          currency: 'eur',
          payment_method: 'pm_card_visa',
          payment_method_types: ['card'],
          confirm: true,
        },
      }),
    )
  return { clock, mock, journal, stripe, pay }
}

describe('the Stripe client and the Stripe mock', () => {
  const plans: [string, FaultPlan][] = [
    ['nothing happens', { faults: [] }],
    ['the answer is lost', { faults: [{ on: { nth: [1] }, fault: { kind: 'lost-reply' } }] }],
    ['the connection is reset twice', { faults: [{ on: { nth: [1, 2] }, fault: { kind: 'reset' } }] }],
    ['the provider hangs', { faults: [{ on: { nth: [1] }, fault: { kind: 'hang' } }] }],
    ['a gateway answers in its place', { faults: [{ on: { nth: [1] }, fault: { kind: 'html-error', status: 502 } }] }],
    ['it is told to wait', { faults: [{ on: { nth: [1] }, fault: { kind: 'rate-limit', retryAfter: 5 } }] }],
  ]
  test.each(plans)('pay once when %s', async (_name, plan) => {
    const { mock, pay } = await world(plan)

    const { data, error } = await pay()

    expect(error).toBeUndefined()
    expect(data?.status).toBe('succeeded')
    expect(mock.objects('payment_intent')).toHaveLength(1)
    expect(mock.objects('charge')).toHaveLength(1)
  })

  test('wait no shorter than they are told', async () => {
    const { clock, pay } = await world({ faults: [{ on: { nth: [1] }, fault: { kind: 'rate-limit', retryAfter: 5 } }] })

    await pay()

    expect(clock.monotonic()).toBeGreaterThanOrEqual(5_000)
  })

  test('give up in time when the provider is gone', async () => {
    const { clock, pay } = await world({ faults: [{ fault: { kind: 'hang' } }] })

    await expect(pay()).rejects.toMatchObject({ code: 'timeout' })
    expect(clock.monotonic()).toBeLessThanOrEqual(30_000)
    expect(clock.pending).toBe(0)
  })
})

describe('client credentials and the mock’s OAuth server', () => {
  function oauthWorld(secret: string) {
    const clock = virtualClock()
    const tokens = issuedTokens({ clock, random: seededRandom(1, 'tokens') })
    let asked = 0
    const api: Service = async (request) => {
      const token = (request.headers.get('authorization') ?? '').replace('Bearer ', '')
      return new Response(null, { status: tokens.verify(token).ok ? 200 : 401 })
    }
    const server = oauthServer({ clients: [{ id: 'shop', secret: 's-1' }], tokens, lifetimeMs: 600_000 })(api)
    const fetch = wire(async (request, context) => {
      if (request.url.endsWith('/oauth/token')) asked++
      return server(request, context)
    })
    const tokenUrl = 'https://api.test/oauth/token'
    const auth = clientCredentials({ tokenUrl, clientId: 'shop', clientSecret: secret, fetch, clock })
    const client = createClient({ auth, fetch, clock })
    const call = () => clock.run(() => client(new Request('https://api.test/orders')))
    return { clock, tokens, call, asked: () => asked }
  }

  test('share one token until shortly before its end', async () => {
    const { clock, call, asked } = oauthWorld('s-1')

    expect([(await call()).status, (await call()).status]).toEqual([200, 200])
    expect(asked()).toBe(1)
    await clock.advance(600_000)

    expect((await call()).status).toBe(200)
    expect(asked()).toBe(2)
  })

  test('get over a token that was revoked', async () => {
    const { tokens, call, asked } = oauthWorld('s-1')
    await call()

    tokens.revoke()

    expect((await call()).status).toBe(200)
    expect(asked()).toBe(2)
  })

  test('name a wrong secret for what it is', async () => {
    const { call, asked } = oauthWorld('wrong')

    await expect(call()).rejects.toMatchObject({ code: 'token_unavailable', facts: { status: 401 } })
    expect(asked()).toBe(1)
  })
})
