import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/scenarios/check.ts'
import { type Subject, type SubjectEnv, defineSubject, usesGlobals } from '../../src/scenarios/define.ts'
import { openSession } from '../../src/scenarios/session.ts'
import { createStage } from '../../src/scenarios/stage.ts'
import { stripePack } from '../../src/scenarios/stripe/pack.ts'

/** A shop on Stripe's own library, as its guide says, that knows nothing of clocks. */
function shopOn(
  options: (secret: string, fetch: SubjectEnv['fetch']) => Stripe,
  time: Subject['time'] = 'globals',
): Subject {
  return defineSubject({
    name: "a shop on Stripe's own library",
    provider: 'stripe',
    time,
    async start({ apiKey, webhookSecret, effect, fetch, clock }) {
      const stripe = options(apiKey, fetch)
      const orders: Record<string, { status: 'pending' | 'paid'; fulfilled: number }> = {}
      const seen = new Set<string>()
      return {
        operations: {
          async pay({ id, amount, currency, card }) {
            orders[id] ??= { status: 'pending', fulfilled: 0 }
            const wanted: Stripe.PaymentIntentCreateParams = {
              amount,
              currency,
              payment_method: card,
              automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
              confirm: true,
              metadata: { order_id: id },
            }
            await stripe.paymentIntents.create(wanted, { idempotencyKey: `pay-${id}` })
          },
        },
        async webhooks(request) {
          let event: Stripe.Event
          try {
            event = stripe.webhooks.constructEvent(
              await request.text(),
              request.headers.get('stripe-signature') ?? '',
              webhookSecret,
              undefined,
              undefined,
              clock.now(),
            )
          } catch {
            return new Response(null, { status: 400 })
          }
          const order = event.type === 'payment_intent.succeeded' ? event.data.object.metadata['order_id'] : undefined
          if (order !== undefined && !seen.has(event.id)) {
            seen.add(event.id)
            orders[order] = { status: 'paid', fulfilled: (orders[order]?.fulfilled ?? 0) + 1 }
            effect('fulfil', order)
          }
          return new Response(null, { status: 200 })
        },
        observe: async () => ({ orders }),
      }
    },
  })
}

async function resultOf(subject: Subject, name: string) {
  await using stage = await createStage({ pack: stripePack, seed: 1 })
  using session = await openSession({ globals: usesGlobals(subject) })
  const scenario = stripePack.scenarios.find((candidate) => candidate.name === name)!
  return (await check({ stage, session, subject, scenario })).result
}

describe("Stripe's own library in a scenario", () => {
  const withFetch = shopOn((key) => new Stripe(key, { httpClient: Stripe.createFetchHttpClient() }))

  test.each([
    'charges once when the reply is lost',
    'honours Retry-After of two seconds',
    'ignores a forged event',
    'ignores an event that is replayed an hour later',
  ])('%s', async (name) => {
    expect(await resultOf(withFetch, name)).toMatchObject({ verdict: 'holds' })
  })

  test("takes the scenario's own fetch, with nothing replaced", async () => {
    const given = shopOn(
      (key, fetch) => new Stripe(key, { httpClient: Stripe.createFetchHttpClient(fetch) }),
      'injected',
    )
    for (const name of ['takes a payment when nothing goes wrong', 'ignores a forged event'])
      expect(await resultOf(given, name)).toMatchObject({ verdict: 'holds' })
  })

  test('is told not to go past fetch', async () => {
    const result = await resultOf(
      shopOn((key) => new Stripe(key)),
      'takes a payment when nothing goes wrong',
    )
    expect(result?.reason).toContain('The subject tried to reach https://api.stripe.com through node:http')
    expect(result?.reason).toContain('Stripe.createFetchHttpClient()')
    expect(result?.reason).toContain("time 'globals'")
  })
})
