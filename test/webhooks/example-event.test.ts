import { describe, expect, test } from 'vitest'
import { bytesOf } from '../../src/core/body.ts'
import { createJournal } from '../../src/core/journal.ts'
import { seededRandom } from '../../src/core/random.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createFaults } from '../../src/mocks/create-faults.ts'
import { type DeliveryFault } from '../../src/mocks/delivery-faults/delivery-fault.ts'
import { unknownDelivery } from '../../src/providers/delivery-facts.ts'
import { type WebhookExample } from '../../src/providers/webhook-example.ts'
import { webhookExamplesOf } from '../../src/providers/webhook-examples.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { type WebhookProvider } from '../../src/providers/webhook-provider.ts'
import { exampleEvent, plainExample } from '../../src/webhooks/example-event.ts'
import { plainSettings } from '../../src/webhooks/scheme-settings.ts'
import { createOutbox } from '../../src/webhooks/sender.ts'
import { verify } from '../../src/webhooks/signature.ts'

const startMs = Date.UTC(2026, 5, 1, 12)
const target = 'https://shop.test/hooks'

interface Arrival {
  readonly verdict: string
  readonly genuine: boolean
  readonly body: string
}

/** Sends an example through an outbox, perhaps with a fault, and says what a receiver makes of all that arrives. */
async function arrivals(
  { webhooks }: WebhookProvider,
  example: WebhookExample,
  fault?: DeliveryFault,
): Promise<Arrival[]> {
  const { scheme } = webhooks
  const clock = virtualClock({ startMs })
  const journal = createJournal({ clock })
  const event = exampleEvent(scheme, example, { url: target, atMs: startMs, random: seededRandom(1, 'example') })
  const config = plainSettings(scheme, target)
  const seen: Omit<Arrival, 'genuine'>[] = []
  const outbox = createOutbox({
    clock,
    journal,
    config,
    facts: { scheme, delivery: { ...unknownDelivery, retryAfterMs: [] } },
    faults: createFaults(
      { seed: 1, faults: fault === undefined ? [] : [{ fault }] },
      { clock, journal, random: () => 0, errorResponse: () => new Response(), operationOf: () => undefined },
    ).deliveries,
    sendAfterMs: [10, 10],
    targets: [
      {
        url: event.url,
        async service(request) {
          const body = await bytesOf(request)
          const secrets = [outbox.secretOf(event.url)]
          const { headers, method, url } = request
          const verdict = verify(scheme, { headers, body, secrets, nowMs: clock.now(), method, url, config })
          seen.push({
            verdict: verdict.ok ? 'genuine' : verdict.reason,
            body: new TextDecoder().decode(body),
          })
          return new Response(null, { status: 204 })
        },
      },
    ],
  })
  outbox.send({ ...event, createdMs: startMs })
  await clock.run(async () => {
    while (outbox.pending > 0) await clock.sleep(1_000)
  })
  const attempts = outbox.deliveries().flatMap((record) => record.attempts)
  expect(attempts).toHaveLength(seen.length)
  return seen.map(({ verdict, body }, at) => ({ verdict, body, genuine: attempts[at]?.genuine === true }))
}

const all = await Promise.all(
  webhookProviders.map(async (provider) => {
    const { scheme } = provider.webhooks
    const written = await webhookExamplesOf(scheme.id)
    const examples = written.length === 0 ? [plainExample(scheme, 'order.created')] : written
    return examples.map((example) => [scheme.id, example.type, provider, example] as const)
  }),
)
const firsts = all.map((examples) => examples[0] as (typeof examples)[0])

describe('an example', () => {
  test.each(all.flat())('of %s, %s, is taken for genuine', async (_id, _type, provider, example) => {
    const sent = await arrivals(provider, example)

    expect(sent).toMatchObject([{ verdict: 'genuine', genuine: true }])
  })

  test.each(firsts)('of %s, %s, is another event each time', (_id, _type, { webhooks }, example) => {
    const random = seededRandom(1, 'twice')
    const [one, other] = [startMs, startMs + 60_000].map((atMs) =>
      exampleEvent(webhooks.scheme, example, { url: target, atMs, random }),
    )

    expect(one?.id).not.toBe(other?.id)
  })

  test.each(
    all.flat().flatMap(([id, type, provider, example]) => {
      const names = Object.keys(example.headers ?? {}).filter((name) =>
        /(?:transmission|event|delivery|request)-id$/i.test(name),
      )
      return names.map((name) => [id, type, name, provider, example] as const)
    }),
  )('of %s, %s, has another %s each time', (_id, _type, name, { webhooks }, example) => {
    const random = seededRandom(1, 'twice')
    const [one, other] = [1, 2].map(
      () => exampleEvent(webhooks.scheme, example, { url: target, atMs: startMs, random }).headers[name],
    )

    expect(one).toMatch(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/)
    expect(one).not.toBe(other)
  })

  test.each(firsts)('of %s, %s, has the id that was asked for', async (_id, _type, { webhooks }, example) => {
    const { scheme } = webhooks
    const event = exampleEvent(scheme, example, { url: target, atMs: startMs, random: () => 0, id: '900042' })
    const sent = `${JSON.stringify(event.headers)} ${event.url} ${new TextDecoder().decode(event.body)}`

    expect(event.id).toBe('900042')
    if (scheme.event.id !== undefined && !scheme.event.id.startsWith('jwt:')) expect(sent).toContain('900042')
  })

  test('of the best known providers was written, not made up of their facts', async () => {
    const known = await Promise.all(webhookProviders.map(({ webhooks }) => webhookExamplesOf(webhooks.scheme.id)))

    expect(known.filter(({ length }) => length > 0).length).toBeGreaterThanOrEqual(45)
  })
})

describe('a fault strikes every scheme as it does Stripe:', () => {
  const keyed = firsts.filter(([, , { webhooks }]) => webhooks.scheme.signature.type !== 'none')
  const bodied = keyed.filter(([, , { webhooks }]) => webhooks.scheme.bodyForm !== 'not-signed')

  test.each(bodied)('tamper on %s is told by the signature', async (_id, _type, provider, example) => {
    const sent = await arrivals(provider, example, { kind: 'tamper' })

    expect(sent).toMatchObject([{ genuine: false }])
    expect(sent[0]?.verdict).not.toBe('genuine')
  })

  test.each(keyed)('wrong-secret on %s is refused', async (_id, _type, provider, example) => {
    const sent = await arrivals(provider, example, { kind: 'wrong-secret' })

    expect(sent).toMatchObject([{ genuine: false }])
    expect(sent[0]?.verdict).not.toBe('genuine')
  })

  test.each(
    keyed.flatMap((each) =>
      (['wrong-secret', 'missing', 'empty', 'short'] as const).map((how) => [each[0], how, each] as const),
    ),
  )(
    'forge on %s with signature %s is refused, and the genuine one is not',
    async (_id, signature, [, , provider, example]) => {
      const sent = await arrivals(provider, example, { kind: 'forge', signature })

      expect(sent.map(({ genuine }) => genuine)).toEqual([false, true])
      expect(sent[0]?.verdict).not.toBe('genuine')
      expect(sent[1]?.verdict).toBe('genuine')
    },
  )

  test.each(keyed)('replay on %s sends the very same bytes', async (_id, _type, provider, example) => {
    const [original, again] = await arrivals(provider, example, { kind: 'replay', afterMs: 1 })

    expect(again).toEqual({ ...original, genuine: false })
  })

  test.each(keyed)('rotated-secret on %s is taken by who has the old secret', async (_id, _type, provider, example) => {
    const sent = await arrivals(provider, example, { kind: 'rotated-secret' })

    expect(sent).toMatchObject([{ verdict: 'genuine', genuine: true }])
  })

  const others: DeliveryFault[] = [
    { kind: 'duplicate' },
    { kind: 'unknown-event-type' },
    { kind: 'other-api-version' },
    { kind: 'same-id-other-bytes' },
    { kind: 'burst', everyMs: 1_000 },
  ]
  test.each(firsts.flatMap((each) => others.map((fault) => [fault.kind, each[0], fault, each] as const)))(
    '%s on %s makes deliveries that are signed',
    async (_kind, _id, fault, [, , provider, example]) => {
      const sent = await arrivals(provider, example, fault)

      expect(sent.map(({ verdict }) => verdict)).toEqual(sent.map(() => 'genuine'))
    },
  )
})
