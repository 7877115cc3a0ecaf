import { describe, expect, test } from 'vitest'
import { type Happening } from '../../src/core/journal.ts'
import { type History, type Payment } from '../../src/scenarios/history.ts'
import * as invariants from '../../src/scenarios/invariants/index.ts'
import { type Invariant } from '../../src/scenarios/invariants/index.ts'
import { order } from '../../src/scenarios/workload.ts'
import { type Moment, entries, exchange, history } from './histories.ts'

const findings = (invariant: Invariant, change: Partial<History>) =>
  invariant.check(history(change)).map(({ happened }) => happened)
const payment = (change: Partial<Payment> = {}): Payment => ({
  id: 'pi_1',
  order: 'order-1',
  status: 'succeeded',
  amount: 2_000,
  currency: 'usd',
  refunded: 0,
  ...change,
})
const believes = (status: 'pending' | 'paid' | 'failed' | 'refunded', fulfilled = 0) => ({
  orders: { 'order-1': { status, fulfilled } },
})

describe('waits honoured', () => {
  const check = (change: Partial<History>) => findings(invariants.waitsHonoured(), change)
  const refused = exchange(1_000, 'a', 429, { 'retry-after': '2' })

  test('lets a request come after its pause', () => {
    expect(check({ entries: entries(...refused, ...exchange(3_000, 'b', 200)) })).toEqual([])
  })
  test('finds one that comes before', () => {
    expect(check({ entries: entries(...refused, ...exchange(2_500, 'b', 200)) })).toEqual([
      'POST /v1/charges was repeated 1.5 s after a 429 that asked for 2 s.',
    ])
  })
  test('reads a date', () => {
    const dated = exchange(1_000, 'a', 503, { 'retry-after': new Date(4_000).toUTCString() })
    expect(check({ entries: entries(...dated, ...exchange(2_000, 'b', 200)) })).toEqual([
      'POST /v1/charges was repeated 1 s after a 503 that asked for 3 s.',
    ])
  })
  test('does not mind another request with a key of its own', () => {
    const keyed = exchange(1_000, 'a', 429, { 'retry-after': '2' }, 'one')
    expect(check({ entries: entries(...keyed, ...exchange(1_100, 'b', 200, {}, 'two')) })).toEqual([])
  })
  test('takes what it cannot read for no pause', () => {
    const odd = exchange(1_000, 'a', 429, { 'retry-after': 'soon' })
    expect(check({ entries: entries(...odd, ...exchange(1_100, 'b', 200)) })).toEqual([])
  })
})

describe('amplification bounded', () => {
  const returnedAtOnce = [{ index: 0, step: { do: 'pay', order: order('order-1') }, startedMs: 0, endedMs: 0 }] as const
  const check = (change: Partial<History>) => findings(invariants.amplificationBounded(), change)
  const failing = (count: number, pauseMs: number) =>
    entries(
      ...Array.from({ length: count }, (_, index) =>
        exchange(index * pauseMs, `x${index}`, index % 2 === 0 ? 503 : undefined),
      ).flat(),
    )

  test('allows a few attempts with pauses', () => {
    expect(check({ entries: failing(4, 200) })).toEqual([])
  })
  test('finds a storm while the call is under way', () => {
    expect(check({ entries: failing(9, 100) })).toEqual(['One call became 9 requests.'])
  })
  test('finds attempts without a pause', () => {
    expect(check({ entries: failing(3, 1) })).toEqual([
      'POST /v1/charges failed 3 times within 2 ms: it is repeated without a pause.',
    ])
  })
  test('finds a storm after the call has returned', () => {
    expect(check({ calls: returnedAtOnce, entries: failing(30, 1_000) })).toEqual([
      'More than 20 requests were made within one minute.',
    ])
  })
  test('allows a slow reconciliation later on', () => {
    expect(check({ calls: returnedAtOnce, entries: failing(30, 60_000) })).toEqual([])
  })
})

describe('converges', () => {
  const check = (change: Partial<History>) => findings(invariants.converges(), change)

  test.each<[string, Partial<History>]>([
    ['paid on both sides', { payments: [payment()], observed: believes('paid', 1) }],
    ['refunded on both sides', { payments: [payment({ refunded: 2_000 })], observed: believes('refunded', 1) }],
    [
      'given up by the shop where no money moved',
      { payments: [payment({ status: 'failed' })], observed: believes('failed') },
    ],
    ['unknown to both', {}],
  ])('agrees on an order that is %s', (_, change) => {
    expect(check(change)).toEqual([])
  })

  test.each<[string, Partial<History>, string]>([
    [
      'paid, and the shop does not know',
      { payments: [payment()], observed: believes('pending') },
      'the provider knows a payment that succeeded (pi_1); the shop believes it pending.',
    ],
    [
      'refunded, and the shop does not know',
      { payments: [payment({ refunded: 2_000 })], observed: believes('paid', 1) },
      'the provider knows a payment that is refunded (pi_1); the shop believes it paid.',
    ],
    [
      'refunded in part only, and the shop thinks in full',
      { payments: [payment({ refunded: 500 })], observed: believes('refunded', 1) },
      'the shop believes it refunded.',
    ],
    [
      'declined, and the shop thinks it paid',
      { payments: [payment({ status: 'failed' })], observed: believes('paid') },
      'a payment that is failed (pi_1); the shop believes it paid.',
    ],
    [
      'unknown to the provider, and the shop thinks it paid',
      { observed: believes('paid') },
      'the provider knows of no payment; the shop believes it paid.',
    ],
    ['paid, and the shop has lost it', { payments: [payment()] }, 'the shop knows nothing of it.'],
  ])('finds an order that is %s', (_, change, happened) => {
    expect(check(change).join()).toContain(happened)
  })
})

describe('money', () => {
  test('is taken at most once', () => {
    const twice = [payment(), payment({ id: 'pi_2' }), payment({ id: 'pi_3', status: 'failed' })]
    expect(findings(invariants.atMostOnce(), { payments: [payment(), payment({ order: 'order-2' })] })).toEqual([])
    expect(findings(invariants.atMostOnce(), { payments: twice })).toEqual([
      'Order order-1 was charged twice: pi_1 (20.00 usd) and pi_2 (20.00 usd).',
    ])
  })
  test('taken is answered with goods, once', () => {
    expect(findings(invariants.paidIsFulfilled(), { payments: [payment()], observed: believes('paid') })).toEqual([
      'Order order-1 was paid for (pi_1) and never fulfilled.',
    ])
    expect(findings(invariants.fulfilledOnce(), { observed: believes('paid', 3) })).toEqual([
      'Order order-1 was fulfilled 3 times.',
    ])
  })
  test('taken is answered with goods in time', () => {
    const late = entries(
      [0, { kind: 'state', object: 'payment', id: 'pi_1', change: 'succeeded' }],
      [90_000, { kind: 'effect', effect: 'fulfil', key: 'order-1' }],
    )
    const change = { payments: [payment()], observed: believes('paid', 1), entries: late }
    expect(findings(invariants.paidIsFulfilled({ withinMs: 90_000 }), change)).toEqual([])
    expect(findings(invariants.paidIsFulfilled({ withinMs: 60_000 }), change)).toEqual([
      'Order order-1 was fulfilled only 1 min 30 s after its payment; 1 min were promised.',
    ])
  })
  test('can be paid by whoever is able to', () => {
    expect(findings(invariants.isPaid(), { payments: [payment({ status: 'failed' })] })).toEqual([
      'Order order-1 was never paid for, although nothing stood in its way for good.',
    ])
  })
})

describe('forged has no effect', () => {
  const delivery = (change: object): Happening => ({
    kind: 'delivery',
    delivery: 'd1',
    event: 'evt_1',
    type: 'paid',
    attempt: 1,
    genuine: false,
    ...change,
  })
  const fulfil: Happening = { kind: 'effect', effect: 'fulfil', key: 'order-1' }
  const check = (change: Partial<History>) => findings(invariants.forgedHasNoEffect(), change)

  test('finds goods for which nobody paid', () => {
    const told = entries([5, delivery({ note: 'forged' })], [5, fulfil])
    expect(check({ entries: told, observed: believes('paid', 1) })).toEqual([
      'Order order-1 was fulfilled although nobody paid: a paid that the provider did not send (forged) was believed.',
    ])
  })
  test('finds goods sent again', () => {
    const told = entries([1, fulfil], [5, delivery({ note: 'replayed' })], [5, fulfil])
    expect(check({ entries: told, payments: [payment()], observed: believes('paid', 2) })[0]).toContain(
      'was fulfilled again',
    )
  })
  test('does not blame an attack for what came before it', () => {
    const told = entries([1, fulfil], [1, fulfil], [5, delivery({})])
    expect(check({ entries: told, payments: [payment()], observed: believes('paid', 2) })).toEqual([])
  })
  test('finds changed bytes that were taken', () => {
    const told = entries(
      [5, delivery({ note: 'tampered with' })],
      [5, { kind: 'delivered', delivery: 'd1', event: 'evt_1', status: 200 }],
    )
    expect(check({ entries: told, payments: [payment()], observed: believes('paid', 1) })[0]).toContain('was accepted')
  })
  test('says nothing where nobody attacked', () => {
    expect(
      check({ entries: entries([1, delivery({ genuine: true })], [1, fulfil]), observed: believes('paid', 1) }),
    ).toEqual([])
  })
})

describe('requests valid', () => {
  const check = (...happenings: readonly Moment[]) =>
    findings(invariants.requestsValid(), { entries: entries(...happenings) })

  test('finds a request that the provider refused', () => {
    expect(check(...exchange(0, 'a', 400))).toEqual([
      'The provider refused POST /v1/charges with 400, though no fault had struck it.',
    ])
  })
  test('does not blame the shop for what a fault did', () => {
    const [asked, answered] = exchange(0, 'a', 401)
    expect(check(asked, [0, { kind: 'fault', fault: 'status', on: 'POST /v1/charges', index: 0 }], answered)).toEqual(
      [],
    )
  })
  test('does not blame the shop for hearing a stored answer again', () => {
    expect(check(...exchange(0, 'a', 401, { 'idempotent-replayed': 'true' }))).toEqual([])
  })
  test('blames neither of two requests when a fault struck one of them', () => {
    const [[first, firstAnswer], [second, secondAnswer]] = [exchange(0, 'a', 401), exchange(0, 'b', 409)]
    const fault = { kind: 'fault', fault: 'status', on: 'POST /v1/charges', index: 0 } as const
    expect(check(first, second, [0, fault], secondAnswer, firstAnswer)).toEqual([])
  })
  test.each([200, 402, 404, 409, 429, 500])('does not mind %d', (status) => {
    expect(check(...exchange(0, 'a', status))).toEqual([])
  })
})

describe('secrets not leaked', () => {
  const check = (change: Partial<History>) => findings(invariants.secretsNotLeaked(), change)
  const step = { do: 'pay', order: order('order-1') } as const

  test.each<[string, Partial<History>]>([
    ['the console', { console: ['starting with sk_secret'] }],
    [
      'a nested error',
      {
        calls: [
          {
            index: 0,
            step,
            startedMs: 0,
            endedMs: 1,
            error: new Error('x', { cause: { config: { headers: { authorization: 'Bearer sk_secret' } } } }),
          },
        ],
      },
    ],
    ['an error that escaped', { escaped: [{ kind: 'unhandled rejection', error: 'sk_secret', atMs: 0 }] }],
    [
      'an effect',
      { entries: entries([0, { kind: 'effect', effect: 'fulfil', key: 'order-1', facts: { key: 'sk_secret' } }]) },
    ],
    [
      'an address',
      { entries: entries([0, { kind: 'request', seen: 'mock', exchange: 'a', method: 'GET', path: '/v1/sk_secret' }]) },
    ],
  ])('finds one in %s', (_, change) => {
    expect(check(change)).toHaveLength(1)
  })
  test('finds one in an address that the journal hides', () => {
    const address = (path: string) => ({
      secrets: { 'API key': 'sk_test_51AbCdEfGhIjKlMnOp' },
      entries: entries([0, { kind: 'request', seen: 'mock', exchange: 'a', method: 'GET', path }]),
    })
    expect(check(address('/v1/sk_test_***/charges'))).toHaveLength(1)
    expect(check(address('/v1/whsec_***'))).toEqual([])
  })
  test('finds none where none is', () => {
    expect(
      check({ console: ['fine'], escaped: [{ kind: 'unhandled rejection', error: new Error('x'), atMs: 0 }] }),
    ).toEqual([])
  })
})

describe('events acknowledged', () => {
  const delivery = (id: string, event: string): Happening => ({
    kind: 'delivery',
    delivery: id,
    event,
    type: 'odd',
    attempt: 1,
    genuine: true,
  })
  const ended = (id: string, event: string, status?: number): Happening => ({
    kind: 'delivered',
    delivery: id,
    event,
    ...(status === undefined ? {} : { status }),
  })

  test('counts an event that was taken at last', () => {
    const told = entries(
      [0, delivery('a', 'e')],
      [0, ended('a', 'e', 500)],
      [9, delivery('b', 'e')],
      [9, ended('b', 'e', 200)],
    )
    expect(findings(invariants.eventsAcknowledged(), { entries: told })).toEqual([])
  })
  test('finds one that never was', () => {
    const told = entries(
      [0, delivery('a', 'e')],
      [0, ended('a', 'e', 500)],
      [9, delivery('b', 'e')],
      [9, ended('b', 'e')],
    )
    expect(findings(invariants.eventsAcknowledged(), { entries: told })).toEqual([
      'odd (e) was delivered 2 times and never acknowledged.',
    ])
    expect(findings(invariants.eventsAcknowledged({ type: 'other' }), { entries: told })).toEqual([])
  })
})

describe('the rest', () => {
  test('a decline is tried again only when somebody asks', () => {
    const declined = [...exchange(0, 'a', 402), ...exchange(9, 'b', 402)]
    expect(findings(invariants.declinesNotRepeated(), { entries: entries(...declined) })).toEqual([
      '1 payment was declined 2 times: a decline was tried again.',
    ])
    const calls = [...history().calls, ...history().calls]
    expect(findings(invariants.declinesNotRepeated(), { entries: entries(...declined), calls })).toEqual([])
  })
  test('a call that takes too long is found, and one that never returns', () => {
    const [call] = history().calls
    const bounded = invariants.boundedTime({ withinMs: 999 })
    expect(findings(bounded, {})).toEqual(['"pay order-1, 20.00 usd, pm_card_visa" took 1 s; 999 ms were promised.'])
    const { endedMs: _, ...hung } = call!
    expect(findings(bounded, { calls: [hung] })).toEqual(['"pay order-1, 20.00 usd, pm_card_visa" never returned.'])
  })
  test('names are unique, and promises are sentences', () => {
    const all = [
      invariants.amplificationBounded(),
      invariants.atMostOnce(),
      invariants.boundedTime({ withinMs: 1 }),
      invariants.converges(),
      invariants.declinesNotRepeated(),
      invariants.eventsAcknowledged(),
      invariants.forgedHasNoEffect(),
      invariants.fulfilledOnce(),
      invariants.isPaid(),
      invariants.nothingEscapes(),
      invariants.nothingIsLeft(),
      invariants.paidIsFulfilled(),
      invariants.requestsValid(),
      invariants.secretsNotLeaked(),
      invariants.waitsHonoured(),
    ]
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const { promise } of all) expect(promise).toMatch(/^[A-Z].*\.$/)
  })
})
