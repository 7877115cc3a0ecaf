import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createJournal } from '../../src/core/journal.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type DeliveryFacts } from '../../src/providers/delivery-facts.ts'
import { dayMs } from '../../src/providers/pauses.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createOutbox } from '../../src/webhooks/sender.ts'

const url = 'https://shop.test/hooks'
const providers = webhookProviders.map(({ webhooks }) => [webhooks.scheme.id, webhooks.delivery] as const)

/** What a receiver answers to the n-th arrival; `silent`: nothing. */
type Answer = (nth: number) => number | 'silent'

/** A provider's rules at work. How it signs is nothing to its schedule. */
function world({ heartbeat: _none, ...delivery }: DeliveryFacts, answer: Answer) {
  const clock = virtualClock({ startMs: 1_800_000_000_000 })
  const startMs = clock.now()
  const times: number[] = []
  const outbox = createOutbox({
    clock,
    journal: createJournal({ clock }),
    facts: { ...stripe.webhooks, delivery },
    sendAfterMs: [0, 0],
    targets: [
      {
        url,
        async service() {
          times.push(clock.now() - startMs)
          const status = answer(times.length)
          if (status === 'silent') return new Promise<Response>(() => {})
          return new Response(status === 204 ? null : delivery.answer?.body, { status })
        },
      },
    ],
  })
  let events = 0
  const send = () => {
    const body = new TextEncoder().encode('{}')
    outbox.send({ id: `evt_${++events}`, type: 'a', body, createdMs: clock.now(), orderKey: `${events}` })
  }
  const settle = () =>
    clock.run(async () => {
      while (outbox.pending > 0) await clock.sleep(3_600_000)
    })
  return { outbox, times, send, settle, disabled: () => outbox.targets()[0]?.disabled?.reason }
}

/** When attempts are due that each fail after so long. */
function dueTimes(pausesMs: readonly number[], failsAfterMs = 0): number[] {
  const times = [0]
  for (const pauseMs of pausesMs) times.push((times.at(-1) as number) + failsAfterMs + pauseMs)
  return times
}

const taken = ({ success, answer }: DeliveryFacts): number => {
  const first = typeof success === 'string' ? 200 : success.find((status) => status !== 102)
  return answer?.status ?? (typeof first === 'number' ? first : 200)
}

describe.each(providers)('%s', (_id, delivery) => {
  const pausesMs = delivery.retryAfterMs

  test('comes again exactly by its schedule to a receiver that always fails', async () => {
    const { send, settle, times, outbox } = world(delivery, () => 500)
    send()

    await settle()

    expect(times).toEqual(dueTimes(pausesMs))
    expect(outbox.deliveries()).toMatchObject([{ state: 'failed', attempts: { length: pausesMs.length + 1 } }])
  })

  test('counts its pauses from the end of an attempt that gets no answer', async () => {
    const { send, settle, times } = world(delivery, () => 'silent')
    send()

    await settle()

    expect(times).toEqual(delivery.stop?.noAnswer === true ? [0] : dueTimes(pausesMs, delivery.timeoutMs))
  })

  test('stops at the attempt that is taken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: pausesMs.length + 1 }), async (nth) => {
        const { send, settle, times, outbox, disabled } = world(delivery, (arrival) =>
          arrival === nth ? taken(delivery) : 500,
        )
        send()

        await settle()

        expect(times).toEqual(dueTimes(pausesMs).slice(0, nth))
        expect(outbox.deliveries()).toMatchObject([{ state: 'delivered' }])
        expect(disabled()).toBeUndefined()
      }),
      { numRuns: 5 },
    )
  })
})

test('a schedule of three days ends when its last attempt has failed', async () => {
  const { send, settle, times } = world(stripe.webhooks.delivery, () => 500)
  send()

  await settle()

  expect(times.at(-1)).toBeGreaterThan(2.5 * dayMs)
})

const disabling = providers.filter(([, { disable }]) => disable !== undefined)

describe('an endpoint is disabled exactly by the rule of', () => {
  /** How many events that fail entirely it takes; `undefined`: the rule does not count them. */
  const eventsNeeded = ({ disable, retryAfterMs }: DeliveryFacts): number | undefined =>
    disable?.events ??
    (disable?.attempts === undefined ? undefined : Math.ceil(disable.attempts / (retryAfterMs.length + 1)))

  const counted = disabling.filter(([, delivery]) => eventsNeeded(delivery) !== undefined)
  test.each(counted)('%s, which counts failures', async (_id, delivery) => {
    const { send, settle, disabled } = world(delivery, () => 500)
    for (let event = 1; event <= (eventsNeeded(delivery) as number); event++) {
      expect(disabled()).toBeUndefined()
      send()
      await settle()
    }
    expect(disabled()).toBeDefined()
  })

  const timed = disabling.filter(([, { disable }]) => disable?.failingForMs !== undefined)
  test.each(timed)('%s, which counts days', async (_id, delivery) => {
    const { send, settle, times, disabled } = world(delivery, () => 500)
    const afterMs = delivery.disable?.failingForMs as number
    while (disabled() === undefined) {
      send()
      await settle()
    }

    expect(times.at(-1)).toBeGreaterThanOrEqual(afterMs)
    expect(times.at(-2)).toBeLessThan(afterMs)
  })

  const impatient = disabling.filter(([, { disable }]) => disable?.timeouts !== undefined)
  test.each(impatient)('%s, which counts timeouts', async (_id, delivery) => {
    const { send, settle, outbox, disabled } = world({ ...delivery, retryAfterMs: [] }, () => 'silent')
    const { count, withinMs } = delivery.disable?.timeouts ?? { count: 0, withinMs: 0 }
    expect(withinMs).toBe(dayMs)
    for (let event = 1; event < count; event++) send()
    await settle()
    expect(disabled()).toBeUndefined()

    send()
    await settle()
    expect(disabled()).toContain(`${count} attempts timed out`)
    expect(outbox.deliveries()).toHaveLength(count)
  })

  const dismissed = disabling.filter(([, { disable }]) => disable?.statuses !== undefined)
  test.each(dismissed)('%s, which goes by a status', async (_id, delivery) => {
    const { send, settle, times, disabled } = world(delivery, (nth) => (nth === 1 ? 500 : 410))
    send()

    await settle()

    expect(disabled()).toBe('it answered 410')
    expect(times).toHaveLength(2)
  })

  test('each of them, and there are some of every sort', () => {
    expect([counted, timed, impatient, dismissed].map(({ length }) => length > 0)).toEqual([true, true, true, true])
    const tried = new Set([counted, timed, impatient, dismissed].flat().map(([id]) => id))
    expect(tried).toEqual(new Set(disabling.map(([id]) => id)))
  })
})
