import { describe, expect, test } from 'vitest'
import { createJournal } from '../../src/core/journal.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type DeliveryFacts } from '../../src/providers/delivery-facts.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createOutbox } from '../../src/webhooks/sender.ts'

const startMs = 1_800_000_000_000
const hourMs = 3_600_000
const url = 'https://shop.test/hooks/0123456789abcdef0123456789abcdef'

interface Arrival {
  readonly id: string
  readonly atMs: number
  readonly headers: Headers
}

/** An outbox of a provider with these rules, and one target that answers the n-th arrival like this. */
function provider(
  rules: Partial<DeliveryFacts>,
  answer: (nth: number, atMs: number) => Response | number | Promise<Response>,
  options: { readonly sandbox?: boolean } = {},
) {
  const clock = virtualClock({ startMs })
  const journal = createJournal({ clock })
  const arrivals: Arrival[] = []
  const facts: DeliveryFacts = {
    success: '2xx',
    timeoutMs: 1_000,
    retryAfterMs: [60_000, 600_000],
    basis: 'assumed',
    ...rules,
  }
  const outbox = createOutbox({
    clock,
    journal,
    facts: { ...stripe.webhooks, delivery: facts },
    sendAfterMs: [0, 0],
    ...options,
    targets: [
      {
        url,
        async service(request) {
          const { id } = (await request.json()) as { id: string }
          arrivals.push({ id, atMs: clock.now() - startMs, headers: request.headers })
          const chosen = await answer(arrivals.length, clock.now() - startMs)
          return typeof chosen === 'number' ? new Response(null, { status: chosen }) : chosen
        },
      },
    ],
  })
  const send = (id: string, orderKey?: string) => {
    const body = new TextEncoder().encode(JSON.stringify({ id, type: 'a' }))
    outbox.send({ id, type: 'a', body, createdMs: clock.now(), orderKey })
  }
  const settle = () =>
    clock.run(async () => {
      while (outbox.pending > 0) await clock.sleep(500)
    })
  const times = () => arrivals.map(({ atMs }) => atMs)
  return { clock, journal, outbox, arrivals, send, settle, times }
}

describe('a provider', () => {
  test.each<[DeliveryFacts['success'], number, number]>([
    ['2xx', 204, 1],
    ['2xx', 302, 3],
    [[200], 200, 1],
    [[200], 201, 3],
    [['2xx', 301, 302], 302, 1],
    [['2xx', 301, 302], 303, 3],
  ])('that takes %j sees %i %i times', async (success, status, count) => {
    const { send, settle, arrivals } = provider({ success }, () => status)
    send('evt_1')

    await settle()

    expect(arrivals).toHaveLength(count)
  })

  test.each([
    ['<Ack>true</Ack>', 'Ack>true</', 1],
    ['<Ack>false</Ack>', 'Ack>true</', 3],
    ['', '', 1],
    ['thanks', '', 3],
  ])('takes the answer %j when it must hold %j: %i attempts', async (body, mustContain, count) => {
    const answer = { status: 200, body: '', mustContain }
    const { send, settle, arrivals } = provider({ answer }, () => new Response(body))
    send('evt_1')

    await settle()

    expect(arrivals).toHaveLength(count)
  })

  test('that is told to stop does not come again', async () => {
    const stop = {
      statuses: '4xx',
      except: [429],
      header: { name: 'webhook-delivery', value: 'abort-message' },
    } as const
    const attempts = async (response: () => Response) => {
      const { send, settle, arrivals, outbox } = provider({ stop }, response)
      send('evt_1')
      await settle()
      expect(outbox.deliveries()).toMatchObject([{ state: 'failed' }])
      return arrivals.length
    }

    expect(await attempts(() => new Response(null, { status: 404 }))).toBe(1)
    expect(await attempts(() => new Response(null, { status: 429 }))).toBe(3)
    expect(await attempts(() => new Response(null, { status: 500 }))).toBe(3)
    expect(await attempts(() => Response.error())).toBe(3)
    const aborting = { status: 500, headers: { 'webhook-delivery': 'abort-message' } }
    expect(await attempts(() => new Response(null, aborting))).toBe(1)
  })

  test('that gives up on silence does not come again', async () => {
    const { send, settle, times } = provider({ stop: { noAnswer: true } }, () => new Promise<Response>(() => {}))
    send('evt_1')

    await settle()

    expect(times()).toEqual([0])
  })

  test.each([
    ['120', [0, 120_000, 720_000]],
    ['5', [0, 60_000, 660_000]],
    [new Date(startMs + 90_000).toUTCString(), [0, 90_000, 690_000]],
    ['soon', [0, 60_000, 660_000]],
  ])('that heeds Retry-After waits at least as long as %s says', async (value, expected) => {
    const refuse = () => new Response(null, { status: 503, headers: { 'retry-after': value } })
    const { send, settle, times } = provider({ heedsRetryAfter: true }, (nth) => (nth === 1 ? refuse() : 503))
    send('evt_1')

    await settle()

    expect(times()).toEqual(expected)
  })

  test('that does not heed Retry-After keeps to its schedule', async () => {
    const { send, settle, times } = provider(
      {},
      () => new Response(null, { status: 503, headers: { 'retry-after': '120' } }),
    )
    send('evt_1')

    await settle()

    expect(times()).toEqual([0, 60_000, 660_000])
  })

  test('tells which attempt this is, and why', async () => {
    const reason = { name: 'x-reason', timeout: 'timed out', noAnswer: 'gone', status: 'refused' }
    const broken = () => Promise.reject(new TypeError('broken'))
    const silent = () => new Promise<Response>(() => {})
    const { send, settle, arrivals } = provider(
      { attemptHeaders: { number: 'x-retry', reason }, retryAfterMs: [1, 1, 1] },
      (nth) => (nth === 2 ? silent() : nth === 3 ? broken() : nth === 1 ? 500 : 200),
    )
    send('evt_1')

    await settle()

    const told = arrivals.map(({ headers }) => [headers.get('x-retry'), headers.get('x-reason')])
    expect(told).toEqual([
      [null, null],
      ['1', 'refused'],
      ['2', 'timed out'],
      ['3', 'gone'],
    ])
  })

  test('counts from one, the first attempt included, where it does', async () => {
    const attemptHeaders = { number: 'x-attempt', startsAt: 1, onFirst: true }
    const { send, settle, arrivals } = provider({ attemptHeaders }, () => 500)
    send('evt_1')

    await settle()

    expect(arrivals.map(({ headers }) => headers.get('x-attempt'))).toEqual(['1', '2', '3'])
  })

  test('repeats to test accounts by the schedule of these', async () => {
    const rules = { sandboxRetryAfterMs: [5] }
    const sandbox = provider(rules, () => 500, { sandbox: true })
    const live = provider(rules, () => 500)
    for (const { send, settle } of [sandbox, live]) {
      send('evt_1')
      await settle()
    }

    expect(sandbox.times()).toEqual([0, 5])
    expect(live.times()).toEqual([0, 60_000, 660_000])
  })
})

describe('the order of a provider', () => {
  const arrived = async (order: NonNullable<DeliveryFacts['order']>, keys: readonly (string | undefined)[]) => {
    const { send, settle, arrivals } = provider({ order }, (nth) => (nth === 1 ? 500 : 200))
    keys.forEach((key, index) => send(`evt_${index + 1}`, key))
    await settle()
    return arrivals.map(({ id, atMs }) => `${id} ${atMs}`)
  }

  test('none: a failing event holds up no other', async () => {
    expect(await arrived('none', ['a', 'a'])).toEqual(['evt_1 0', 'evt_2 0', 'evt_1 60000'])
  })

  test('per-target: later events wait until it is through', async () => {
    expect(await arrived('per-target', ['a', 'b', undefined])).toEqual([
      'evt_1 0',
      'evt_1 60000',
      'evt_2 60000',
      'evt_3 60000',
    ])
  })

  test('per-key: only events about the same thing wait', async () => {
    expect(await arrived('per-key', ['a', 'b', 'a', undefined])).toEqual([
      'evt_1 0',
      'evt_2 0',
      'evt_4 0',
      'evt_1 60000',
      'evt_3 60000',
    ])
  })

  test('per-target: what is given up lets the next one go', async () => {
    const { send, settle, arrivals } = provider({ order: 'per-target' }, (nth) => (nth <= 3 ? 500 : 200))
    send('evt_1')
    send('evt_2')

    await settle()

    expect(arrivals.map(({ id }) => id)).toEqual(['evt_1', 'evt_1', 'evt_1', 'evt_2'])
  })
})

describe('an endpoint', () => {
  const standing = ({ outbox, journal }: ReturnType<typeof provider>) => ({
    disabled: outbox.targets()[0]?.disabled?.reason,
    told: journal.entries().flatMap((entry) => (entry.kind === 'endpoint' ? [entry.change] : [])),
  })

  test('is disabled at exactly so many failed attempts in a row', async () => {
    const world = provider({ disable: { attempts: 3 } }, (nth) => (nth === 3 ? 200 : 500))
    world.send('evt_1') // fails twice, then is taken
    await world.settle()
    world.send('evt_2') // fails three times
    await world.settle()

    expect(world.arrivals).toHaveLength(6)
    expect(standing(world)).toEqual({ disabled: '3 attempts in a row failed', told: ['disabled'] })
  })

  test('is disabled when so many events in a row were given up', async () => {
    const world = provider({ disable: { events: 2 } }, () => 500)
    world.send('evt_1')
    await world.settle()
    expect(standing(world)).toEqual({ disabled: undefined, told: [] })
    world.send('evt_2')
    await world.settle()

    expect(world.arrivals).toHaveLength(6)
    expect(standing(world)).toEqual({ disabled: '2 events in a row were given up', told: ['disabled'] })
  })

  test('is disabled after the first failure that comes so long after the first of an unbroken row', async () => {
    const world = provider({ disable: { failingForMs: 2 * hourMs }, retryAfterMs: [hourMs, hourMs, hourMs] }, () => 500)
    world.send('evt_1')
    await world.settle()

    expect(world.times()).toEqual([0, hourMs, 2 * hourMs])
    expect(standing(world).disabled).toBe('it has failed for 2 hours')
  })

  test('is disabled by so many timeouts within so long, and not by those before', async () => {
    const timeouts = { count: 3, withinMs: hourMs }
    const silent = () => new Promise<Response>(() => {})
    const rules = { disable: { timeouts }, retryAfterMs: [hourMs, 1_000, 1_000, 1_000] }
    const world = provider(rules, silent)
    world.send('evt_1')
    await world.settle()

    expect(world.times()).toHaveLength(4)
    expect(standing(world).disabled).toBe('3 attempts timed out within an hour')
  })

  test('is disabled at once by an answer that says so', async () => {
    const world = provider({ disable: { statuses: [410] } }, () => 410)
    world.send('evt_1')
    await world.settle()

    expect(world.times()).toEqual([0])
    expect(standing(world).disabled).toBe('it answered 410')
  })

  test('that is disabled gets nothing, waiting or new, until it is enabled', async () => {
    const world = provider({ disable: { statuses: [410] } }, (nth) => (nth === 2 ? 410 : 500))
    world.send('evt_1')
    world.send('evt_2')
    await world.settle()
    world.send('evt_3')
    await world.settle()

    expect(world.arrivals.map(({ id }) => id)).toEqual(['evt_1', 'evt_2'])
    expect(world.outbox.deliveries()).toMatchObject([{ state: 'failed' }, { state: 'failed' }])
    expect(() => world.outbox.resend('evt_1')).toThrow('There is no delivery and no event "evt_1" to send again.')
    expect(world.outbox.resendSince(0)).toBe(0)

    world.outbox.enableTarget(url)
    expect(world.outbox.resendSince(0)).toBe(2)
    world.send('evt_4')
    await world.settle()

    expect(standing(world)).toEqual({ disabled: undefined, told: ['disabled', 'enabled'] })
    expect(new Set(world.arrivals.map(({ id }) => id))).toEqual(new Set(['evt_1', 'evt_2', 'evt_4']))
  })

  test('comes back by itself where the provider lets it', async () => {
    const world = provider({ disable: { statuses: [410], forMs: 24 * hourMs } }, (nth) => (nth === 1 ? 410 : 200))
    world.send('evt_1')
    await world.settle()
    await world.clock.advance(24 * hourMs)
    world.send('evt_2')
    await world.settle()

    expect(standing(world)).toEqual({ disabled: undefined, told: ['disabled', 'enabled'] })
    expect(world.arrivals.map(({ id }) => id)).toEqual(['evt_1', 'evt_2'])
  })

  test('is told of without the secret in its path', async () => {
    const world = provider({ disable: { statuses: [410] } }, () => 410)
    world.send('evt_1')
    await world.settle()

    const told = world.journal.entries().find(({ kind }) => kind === 'endpoint')
    expect(told).toMatchObject({ change: 'disabled', reason: 'it answered 410' })
    expect(JSON.stringify(told)).not.toContain('0123456789abcdef')
  })

  test('hears a heartbeat as long as it is enabled, and no more after the outbox is closed', async () => {
    const heartbeat = { everyMs: 8 * hourMs, body: '{"id":"beat"}' }
    const world = provider({ heartbeat, disable: { events: 1 }, retryAfterMs: [] }, (nth) => (nth < 3 ? 200 : 500))
    await world.clock.advance(48 * hourMs)

    expect(world.times()).toEqual([8 * hourMs, 16 * hourMs, 24 * hourMs])
    expect(standing(world).disabled).toBe('an event was given up')

    world.outbox.enableTarget(url)
    await world.outbox.close()
    await world.clock.advance(48 * hourMs)
    expect(world.arrivals).toHaveLength(3)
    expect(world.clock.pending).toBe(0)
  })
})
