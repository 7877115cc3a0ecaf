import { describe, expect, test } from 'vitest'
import { bytesOf } from '../../src/core/body.ts'
import { networkError } from '../../src/core/errors.ts'
import { createJournal, journalText } from '../../src/core/journal.ts'
import { type Service } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createFaults } from '../../src/mocks/create-faults.ts'
import { type FaultRule } from '../../src/mocks/plan.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { type OutboxOptions } from '../../src/webhooks/outbox.ts'
import { createOutbox } from '../../src/webhooks/sender.ts'
import { verify } from '../../src/webhooks/signature.ts'

const startMs = 1_800_000_000_000
const url = 'https://shop.test/hooks'
const minuteMs = 60_000
const hourMs = 60 * minuteMs

interface Arrival {
  readonly atMs: number
  readonly type: string
  readonly verdict: string
  readonly signature: string
  readonly body: string
}

interface ShopOptions extends Partial<OutboxOptions> {
  readonly rules?: readonly FaultRule[]
  /** Status for the n-th arrival, or the whole receiver. @default 200 for what verifies, else 400 */
  readonly answer?: (nth: number) => number | Promise<Response>
}

/** An outbox with one target that writes down what arrives. */
function shop({ rules = [], answer, ...options }: ShopOptions = {}) {
  const clock = virtualClock({ startMs })
  const journal = createJournal({ clock })
  const arrivals: Arrival[] = []
  const service: Service = async (request) => {
    const body = await bytesOf(request)
    const { headers } = request
    const secrets = [outbox.secretOf(url)]
    const verdict = verify(stripe.webhooks.scheme, { headers, body, secrets, nowMs: clock.now() })
    const text = new TextDecoder().decode(body)
    arrivals.push({
      atMs: clock.now() - startMs,
      type: (JSON.parse(text) as { type: string }).type,
      verdict: verdict.ok ? 'genuine' : verdict.reason,
      signature: headers.get('stripe-signature') ?? 'none',
      body: text,
    })
    const chosen = answer?.(arrivals.length) ?? (verdict.ok ? 200 : 400)
    return typeof chosen === 'number' ? new Response(null, { status: chosen }) : chosen
  }
  const faults = createFaults(
    { seed: 1, faults: rules },
    { clock, journal, random: () => 0, errorResponse: () => new Response(), operationOf: () => undefined },
  )
  const targets = [{ url, service }]
  const facts = stripe.webhooks
  const outbox = createOutbox({ clock, journal, facts, targets, faults: faults.deliveries, ...options })
  let events = 0
  const send = (type = 'payment_intent.created') => {
    const id = `evt_${String(++events).padStart(14, '0')}`
    const body = new TextEncoder().encode(JSON.stringify({ id, type, data: { object: { amount: 1200 } } }))
    outbox.send({ id, type, body, createdMs: clock.now() })
    return id
  }
  /** Lets everything happen that will happen of itself. */
  const settle = () =>
    clock.run(async () => {
      while (outbox.pending > 0) await clock.sleep(1_000)
    })
  return { clock, journal, outbox, arrivals, service, send, settle }
}

/** An event so short a time after another that their own delays do not decide the order. */
const together = { sendAfterMs: [10, 10] } as const

describe('outbox', () => {
  test('sends an event, signed as the provider signs it, 10 to 50 ms after it was made', async () => {
    const { arrivals, send, settle, outbox } = shop()
    for (let event = 0; event < 50; event++) send()

    await settle()

    expect(arrivals).toHaveLength(50)
    expect(arrivals.every(({ verdict }) => verdict === 'genuine')).toBe(true)
    expect(Math.min(...arrivals.map(({ atMs }) => atMs))).toBe(10)
    expect(Math.max(...arrivals.map(({ atMs }) => atMs))).toBe(50)
    expect(outbox.deliveries().every(({ state }) => state === 'delivered')).toBe(true)
  })

  test('repeats a failed delivery by the schedule of the provider until it gives up', async () => {
    const { arrivals, send, settle, outbox } = shop({ ...together, answer: () => 500 })
    send()

    await settle()

    const pauses = arrivals.slice(1).map(({ atMs }, index) => atMs - (arrivals[index]?.atMs ?? 0))
    expect(pauses).toEqual([
      1 * minuteMs,
      5 * minuteMs,
      30 * minuteMs,
      1 * hourMs,
      2 * hourMs,
      4 * hourMs,
      ...Array<number>(8).fill(8 * hourMs),
    ])
    expect(outbox.deliveries()).toMatchObject([{ state: 'failed', attempts: { length: 15 } }])
  })

  test('signs each attempt afresh', async () => {
    const { arrivals, send, settle } = shop({ ...together, answer: (nth) => (nth < 4 ? 503 : 200) })
    send()

    await settle()

    const timestamps = arrivals.map(({ signature }) => Number(/^t=(\d+)/.exec(signature)?.[1]) * 1_000 - startMs)
    expect(arrivals.map(({ verdict }) => verdict)).toEqual(Array<string>(4).fill('genuine'))
    expect(timestamps).toEqual([0, 60_000, 360_000, 2_160_000])
  })

  test.each([
    [200, 1],
    [204, 1],
    [299, 1],
    [302, 2],
    [400, 2],
    [410, 2],
  ])('takes %i for an answer that needs %i attempts', async (status, attempts) => {
    const { arrivals, send, settle } = shop({ answer: (nth) => (nth === 1 ? status : 200) })
    send()

    await settle()

    expect(arrivals).toHaveLength(attempts)
  })

  test('gives up on a receiver that does not answer in time, and on one that breaks off', async () => {
    const silent = new Promise<Response>(() => {})
    const broken = () => Promise.reject(networkError('ECONNRESET'))
    const { send, settle, outbox, clock } = shop({
      ...together,
      answer: (nth) => (nth === 1 ? silent : nth === 2 ? broken() : 200),
    })
    send()

    await settle()

    expect(outbox.deliveries()[0]?.attempts).toMatchObject([
      { attempt: 1, atMs: startMs + 10, error: 'timeout' },
      { attempt: 2, atMs: startMs + 10 + 20_000 + minuteMs, error: 'ECONNRESET' },
      { attempt: 3, status: 200 },
    ])
    expect(clock.pending).toBe(0)
  })

  test('tells the journal of every sending and of its end', async () => {
    const { journal, send, settle } = shop({ ...together, answer: (nth) => (nth === 1 ? 500 : 200) })
    const event = send()

    await settle()

    const sending = { kind: 'delivery', event, type: 'payment_intent.created', genuine: true }
    expect(journal.entries()).toMatchObject([
      { ...sending, delivery: 'whd_1.1', attempt: 1 },
      { kind: 'delivered', delivery: 'whd_1.1', event, status: 500 },
      { ...sending, delivery: 'whd_1.2', attempt: 2 },
      { kind: 'delivered', delivery: 'whd_1.2', event, status: 200 },
    ])
  })

  test('makes the same history from the same seed, also after a reset', async () => {
    const run = async (world: ReturnType<typeof shop>) => {
      const beganMs = world.clock.now()
      world.journal.clear()
      for (let event = 0; event < 5; event++) world.send()
      await world.settle()
      const text = journalText(world.journal.entries())
      return text.replaceAll(/"atMs":(\d+)/g, (_, at: string) => `"atMs":${Number(at) - beganMs}`)
    }
    const world = shop({ seed: 3 })
    const first = await run(world)
    const secret = world.outbox.secretOf(url)
    world.outbox.addTarget({ url: 'https://other.test', service: world.service })

    world.outbox.reset()
    const again = await run(world)

    expect(again.replaceAll(/evt_\d+/g, '')).toBe(first.replaceAll(/evt_\d+/g, ''))
    expect(world.outbox.secretOf(url)).toBe(secret)
    expect(world.outbox.targets()).toHaveLength(1)
    expect(await run(shop({ seed: 3 }))).toBe(first)
    expect(await run(shop({ seed: 4 }))).not.toBe(first)
  })

  test('forgets what is under way at a reset', async () => {
    let answerLate = (_response: Response) => {}
    const { clock, outbox, send, journal } = shop({ answer: () => new Promise((resolve) => (answerLate = resolve)) })
    send()
    await clock.advance(100)

    outbox.reset()
    journal.clear()
    answerLate(new Response(null, { status: 500 }))
    await clock.advance(hourMs)

    expect(outbox.pending).toBe(0)
    expect(outbox.deliveries()).toEqual([])
    expect(journal.entries()).toEqual([])
    expect(clock.pending).toBe(0)
  })

  test('sends nothing after it was closed', async () => {
    const { clock, outbox, send, arrivals } = shop()
    send()

    await outbox.close()
    send()
    await clock.advance(hourMs)

    expect(arrivals).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('targets of an outbox', () => {
  test('each have a secret of their own, drawn from the seed', () => {
    const { outbox, service } = shop()
    outbox.addTarget({ url: 'https://second.test', service })
    outbox.addTarget({ url: 'https://third.test', service, secret: 'whsec_given' })
    const secrets = outbox.targets().map((target) => outbox.secretOf(target.url))

    expect(secrets[0]).toMatch(/^whsec_[A-Za-z0-9]{32}$/)
    expect(secrets[1]).toMatch(/^whsec_[A-Za-z0-9]{32}$/)
    expect(secrets[1]).not.toBe(secrets[0])
    expect(secrets[2]).toBe('whsec_given')
    expect(shop().outbox.secretOf(url)).toBe(secrets[0])
    expect(shop({ seed: 2 }).outbox.secretOf(url)).not.toBe(secrets[0])
  })

  test('get the types that they want', async () => {
    const { outbox, service, send, settle } = shop()
    outbox.addTarget({ url: 'https://some.test', service, events: ['refund.*', 'charge.failed'] })
    for (const type of ['refund.created', 'charge.failed', 'charge.succeeded', 'refund']) send(type)

    await settle()

    const theirs = outbox.deliveries().filter((each) => each.url === 'https://some.test')
    expect(theirs.map(({ type }) => type)).toEqual(['refund.created', 'charge.failed'])
    expect(outbox.deliveries()).toHaveLength(6)
  })

  test('get nothing more once they are removed', async () => {
    const { outbox, send, settle, arrivals, clock } = shop({ answer: () => 500 })
    send()
    await clock.advance(1_000)

    outbox.removeTarget(url)
    send()
    await settle()

    expect(arrivals).toHaveLength(1)
    expect(outbox.deliveries()).toMatchObject([{ state: 'failed' }])
    expect(() => outbox.secretOf(url)).toThrow(`No webhooks are sent to "${url}".`)
  })

  test('are sent nothing again once they are removed', async () => {
    const { outbox, send, settle, arrivals } = shop(together)
    const event = send()
    await settle()

    outbox.removeTarget(url)

    expect(() => outbox.resend(event)).toThrow(expect.objectContaining({ code: 'usage' }))
    expect(outbox.resendSince(0)).toBe(0)
    await settle()
    expect(arrivals).toHaveLength(1)
  })

  test.each([
    ['shop', { url: 'shop' }],
    ['https://a:b@shop.test', { url: 'https://a:b@shop.test' }],
    ['an empty secret', { url, secret: '' }],
  ])('that cannot be used are refused at once: %s', (_name, target) => {
    expect(() => shop().outbox.addTarget(target)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})

describe('resend', () => {
  test('sends again by event id and by delivery id, signed afresh', async () => {
    const { outbox, send, settle, arrivals } = shop(together)
    const event = send()
    await settle()

    outbox.resend(event)
    await settle()
    outbox.resend('whd_1')
    await settle()

    expect(arrivals.map(({ atMs, verdict }) => [atMs, verdict])).toEqual([
      [10, 'genuine'],
      [1_000, 'genuine'],
      [2_000, 'genuine'],
    ])
    expect(outbox.deliveries()[0]?.attempts.map(({ delivery }) => delivery)).toEqual(['whd_1.1', 'whd_1.2', 'whd_1.3'])
  })

  test('that succeeds ends the automatic attempts; one that fails adds none', async () => {
    const { outbox, send, clock, settle, arrivals } = shop({ ...together, answer: (nth) => (nth < 3 ? 500 : 200) })
    const event = send()
    await clock.advance(1_000)

    outbox.resend(event)
    await clock.advance(1_000)
    expect(outbox.pending).toBe(1)
    outbox.resend(event)
    await settle()

    expect(arrivals.map(({ atMs }) => atMs)).toEqual([10, 1_000, 2_000])
    expect(outbox.deliveries()).toMatchObject([{ state: 'delivered' }])
  })

  test('since a time takes every event made at or after it', async () => {
    const { outbox, send, clock, settle, arrivals } = shop(together)
    for (const type of ['a', 'b', 'c']) {
      send(type)
      await clock.advance(1_000)
    }

    expect(outbox.resendSince(startMs + 1_000)).toBe(2)
    await settle()

    expect(arrivals.slice(3).map(({ type }) => type)).toEqual(['b', 'c'])
  })

  test('of what is not known is refused', () => {
    expect(() => shop().outbox.resend('evt_0')).toThrow('There is no delivery and no event "evt_0" to send again.')
  })
})

describe('delivery faults in the outbox', () => {
  test('duplicate: the copies arrive at the same moment, and the provider goes by the first', async () => {
    const { send, settle, arrivals, outbox } = shop({
      rules: [{ on: { nth: [1] }, fault: { kind: 'duplicate' } }],
      answer: (nth) => (nth === 1 ? 200 : 500),
    })
    send()

    await settle()

    expect(arrivals).toHaveLength(2)
    expect(arrivals[1]).toEqual(arrivals[0])
    expect(outbox.deliveries()).toMatchObject([{ state: 'delivered' }])
  })

  test("duplicate: a copy that succeeds does not make up for the provider's own attempt", async () => {
    const { send, settle, arrivals } = shop({
      ...together,
      rules: [{ on: { nth: [1] }, fault: { kind: 'duplicate' } }],
      answer: (nth) => (nth === 1 ? 500 : 200),
    })
    send()

    await settle()

    expect(arrivals.map(({ atMs }) => atMs)).toEqual([10, 10, 10 + minuteMs])
  })

  test('drop: the receiver sees nothing and the provider tries again', async () => {
    const { send, settle, arrivals, outbox } = shop({
      ...together,
      rules: [{ on: { nth: [1] }, fault: { kind: 'drop' } }],
    })
    send()

    await settle()

    expect(arrivals.map(({ atMs }) => atMs)).toEqual([10 + minuteMs])
    expect(outbox.deliveries()[0]?.attempts).toMatchObject([{ error: 'lost', note: 'lost' }, { status: 200 }])
  })

  test('delay: the late delivery has a fresh timestamp', async () => {
    const { send, settle, arrivals } = shop({ ...together, rules: [{ fault: { kind: 'delay', delayMs: hourMs } }] })
    send()

    await settle()

    expect(arrivals).toMatchObject([{ atMs: hourMs + 10, verdict: 'genuine' }])
  })

  test('tamper: the bytes are refused, and the true ones come by the schedule', async () => {
    const { send, settle, arrivals } = shop({ ...together, rules: [{ on: { nth: [1] }, fault: { kind: 'tamper' } }] })
    send()

    await settle()

    expect(arrivals.map(({ atMs, verdict }) => [atMs, verdict])).toEqual([
      [10, 'signature_mismatch'],
      [10 + minuteMs, 'genuine'],
    ])
    expect(arrivals[0]?.body).toBe(arrivals[1]?.body.replace('1200', '9200'))
  })

  test.each([
    ['wrong-secret', 'signature_mismatch'],
    ['missing', 'header_missing'],
    ['short', 'signature_mismatch'],
  ] as const)('forge with signature %s: %s, and the genuine one follows', async (signature, reason) => {
    const { send, settle, arrivals } = shop({ ...together, rules: [{ fault: { kind: 'forge', signature } }] })
    send()

    await settle()

    expect(arrivals.map(({ atMs, verdict }) => [atMs, verdict])).toEqual([
      [10, reason],
      [10, 'genuine'],
    ])
  })

  test('replay: the very same headers and bytes come again, too old by then', async () => {
    const { send, settle, arrivals, journal } = shop({ ...together, rules: [{ fault: { kind: 'replay' } }] })
    send()

    await settle()

    expect(arrivals.map(({ atMs, verdict }) => [atMs, verdict])).toEqual([
      [10, 'genuine'],
      [10 + hourMs, 'too_old'],
    ])
    expect(arrivals[1]?.signature).toBe(arrivals[0]?.signature)
    expect(arrivals[1]?.body).toBe(arrivals[0]?.body)
    expect(journal.entries()).toContainEqual(expect.objectContaining({ delivery: 'whd_1.1-replay', genuine: false }))
  })

  test('reorder: the delivery comes when that of the next event is through', async () => {
    const { send, settle, arrivals, clock } = shop({
      ...together,
      rules: [{ on: { event: 'a' }, fault: { kind: 'reorder' } }],
      answer: () => clock.sleep(100).then(() => new Response()),
    })
    send('a')
    await clock.advance(5_000)
    send('b')

    await settle()

    expect(arrivals.map(({ type, atMs }) => [type, atMs])).toEqual([
      ['b', 5_010],
      ['a', 5_110],
    ])
  })

  test('reorder of everything: events come back to front', async () => {
    const { send, settle, arrivals, clock } = shop({
      ...together,
      rules: [{ on: { nth: [1, 2, 3] }, fault: { kind: 'reorder' } }],
    })
    for (const type of ['a', 'b', 'c', 'd']) {
      send(type)
      await clock.advance(100)
    }

    await settle()

    expect(arrivals.map(({ type }) => type)).toEqual(['d', 'c', 'b', 'a'])
  })

  test('reorder: copies are held together and come together', async () => {
    const { send, settle, arrivals } = shop({
      ...together,
      rules: [
        { on: { event: 'a' }, fault: { kind: 'duplicate' } },
        { on: { event: 'a' }, fault: { kind: 'reorder' } },
      ],
    })
    send('a')
    send('b')

    await settle()

    expect(arrivals.map(({ type, atMs }) => [type, atMs])).toEqual([
      ['b', 10],
      ['a', 10],
      ['a', 10],
    ])
  })

  test.each(['forge', 'drop'] as const)('reorder: an event is not through because of a %s', async (kind) => {
    const { send, settle, arrivals, clock } = shop({
      ...together,
      rules: [
        { on: { event: 'a' }, fault: { kind: 'reorder' } },
        { on: { event: 'b', nth: [1] }, fault: { kind } },
        { on: { event: 'b', nth: [1] }, fault: { kind: 'drop' } },
      ],
    })
    send('a')
    await clock.advance(1_000)
    send('b')

    await settle()

    expect(arrivals.filter(({ type }) => type === 'a')).toMatchObject([{ atMs: 10 + minuteMs }])
  })

  test('reorder: without a next event the delivery goes out after a minute', async () => {
    const { send, settle, arrivals } = shop({ ...together, rules: [{ fault: { kind: 'reorder' } }] })
    send()

    await settle()

    expect(arrivals).toMatchObject([{ atMs: 10 + minuteMs, verdict: 'genuine' }])
  })

  test('reorder: what a later event has overtaken already is not held back', async () => {
    const { send, settle, arrivals } = shop({
      ...together,
      rules: [
        { on: { event: 'a' }, fault: { kind: 'delay', delayMs: 500 } },
        { on: { event: 'a' }, fault: { kind: 'reorder' } },
      ],
    })
    send('a')
    send('b')

    await settle()

    expect(arrivals.map(({ type, atMs }) => [type, atMs])).toEqual([
      ['b', 10],
      ['a', 510],
    ])
  })

  test('early: the event is there before flushEarly ends', async () => {
    const { send, arrivals, outbox, clock } = shop({ rules: [{ on: { event: 'a' }, fault: { kind: 'early' } }] })
    send('a')
    send('b')

    await clock.run(() => outbox.flushEarly())

    expect(arrivals).toMatchObject([{ type: 'a', atMs: 0 }])
    expect(outbox.deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'pending' }])
  })

  test('early: a receiver that does not answer holds the call up for a second', async () => {
    const { send, outbox, clock } = shop({ rules: [{ fault: { kind: 'early' } }], answer: () => new Promise(() => {}) })
    send()

    await clock.run(() => outbox.flushEarly())

    expect(clock.monotonic()).toBe(1_000)
  })

  test('a retry is struck by what holds when it is due', async () => {
    const { send, settle, arrivals } = shop({
      ...together,
      rules: [{ on: { fromMs: minuteMs, untilMs: 2 * minuteMs }, fault: { kind: 'drop' } }],
      answer: (nth) => (nth === 1 ? 500 : 200),
    })
    send()

    await settle()

    expect(arrivals.map(({ atMs }) => atMs)).toEqual([10, 10 + 6 * minuteMs])
  })
})
