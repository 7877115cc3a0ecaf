import { describe, expect, test } from 'vitest'
import { type Checked, check } from '../../src/scenarios/check.ts'
import { type Scenario, type Subject, defineScenario } from '../../src/scenarios/define.ts'
import * as invariants from '../../src/scenarios/invariants/index.ts'
import { openSession } from '../../src/scenarios/session.ts'
import { createStage } from '../../src/scenarios/stage.ts'
import { order } from '../../src/scenarios/workload.ts'
import { fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const {
  atMostOnce,
  boundedTime,
  converges,
  fulfilledOnce,
  nothingEscapes,
  nothingIsLeft,
  paidIsFulfilled,
  amplificationBounded,
  forgedHasNoEffect,
} = invariants

const lostReply = defineScenario({
  name: 'charges once when the reply is lost',
  provider: 'fake',
  promise: 'An order is charged once.',
  workload: [{ do: 'pay', order: order('order-1') }],
  plan: { faults: [{ on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' } }] },
  invariants: [atMostOnce(), fulfilledOnce(), paidIsFulfilled(), converges(), nothingEscapes(), nothingIsLeft()],
})

async function checked(scenario: Scenario, subject: Subject, drawn = false): Promise<Checked> {
  await using stage = await createStage({ pack: fakePack(), seed: 1 })
  using session = await openSession({ globals: subject.time !== 'injected' })
  return await check({ stage, session, subject, scenario, drawn })
}

describe('checking a scenario', () => {
  test('holds for a shop that keeps its key', async () => {
    const { result } = await checked(lostReply, shop())
    expect(result).toMatchObject({ verdict: 'holds', violations: [], runs: 1 })
  })

  test('is broken by a shop without a key, with a history that shows it', async () => {
    const { result, broken } = await checked(lostReply, shop({ keyless: true }))
    expect(result?.verdict).toBe('broken')
    expect(result?.violations[0]).toEqual({
      invariant: 'at-most-once',
      promise: 'An order is charged at most once.',
      happened: 'Order order-1 was charged twice: ch_1 (20.00 usd) and ch_2 (20.00 usd).',
    })
    expect(result?.history?.map(({ text, wrong }) => (wrong ? `${text} !` : text))).toEqual([
      'pay order-1, 20.00 usd, pm_card_visa',
      'POST /charges, no key',
      'payment ch_1 succeeded',
      'no answer arrives',
      'charge.succeeded evt_1',
      'fulfil order-1',
      'POST /charges, no key',
      'payment ch_2 succeeded !',
      '200',
      'believes order-1 paid, fulfilled once',
    ])
    expect(broken?.smallest.plan.faults).toHaveLength(1)
  })

  test('is unknown when the promise is kept in every later run, alike as those may be', async () => {
    let starts = 0
    const subject: Subject = {
      ...shop(),
      start: (env) => shop({ keyless: ++starts === 1 }).start(env),
    }
    const { result, broken } = await checked(lostReply, subject)
    expect(result?.verdict).toBe('unknown')
    expect(result?.reason).toContain('Order order-1 was charged twice')
    expect(broken).toBeUndefined()
  })

  test('takes away the faults and the workload that a failure does not need', async () => {
    const noisy: Scenario = {
      ...lostReply,
      workload: [{ do: 'pay', order: order('order-0') }, ...lostReply.workload, { do: 'pay', order: order('order-2') }],
      plan: {
        faults: [
          { on: { operation: 'POST /charges' }, fault: { kind: 'latency', delayMs: 700, jitterMs: 50 } },
          { on: { operation: 'POST /charges', nth: [2, 4] }, fault: { kind: 'lost-reply' } },
          { on: { event: '*' }, fault: { kind: 'delay', delayMs: 5_000 } },
        ],
      },
    }
    const { broken } = await checked(noisy, shop({ keyless: true }))
    expect(broken?.smallest.workload).toHaveLength(1)
    expect(broken?.smallest.plan.faults).toEqual([
      { on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' } },
    ])
  })

  test('finds two deliveries that race', async () => {
    const scenario: Scenario = {
      ...lostReply,
      plan: { faults: [{ on: { event: 'charge.succeeded', nth: [1] }, fault: { kind: 'duplicate', copies: 5 } }] },
    }
    expect((await checked(scenario, shop())).result?.verdict).toBe('holds')
    const { result, broken } = await checked(scenario, shop({ checksThenActs: true }))
    expect(result?.violations[0]?.happened).toBe('Order order-1 was fulfilled 5 times.')
    expect(broken?.smallest.plan.faults[0]?.fault).toEqual({ kind: 'duplicate', copies: 5 })
    const plainer = await checked(scenario, shop({ checksThenActs: true }), true)
    expect(plainer.broken?.smallest.plan.faults[0]?.fault).toEqual({ kind: 'duplicate' })
  })

  test('finds that anybody is believed', async () => {
    const scenario: Scenario = {
      ...lostReply,
      workload: [{ do: 'pay', order: order('order-1', { card: 'declined' }) }],
      plan: {
        faults: [{ on: { event: 'charge.failed', nth: [1] }, fault: { kind: 'forge', type: 'charge.succeeded' } }],
      },
      invariants: [forgedHasNoEffect()],
    }
    expect((await checked(scenario, shop())).result?.verdict).toBe('holds')
    const { result } = await checked(scenario, shop({ believesAnybody: true }))
    expect(result?.violations[0]?.happened).toContain('Order order-1 was fulfilled although nobody paid')
    expect(result?.history?.some(({ from, forged, to }) => from === 'attacker' && forged && to === 'shop')).toBe(true)
  })

  test('finds a call that never returns', async () => {
    const scenario: Scenario = {
      ...lostReply,
      plan: { faults: [{ on: { operation: 'POST /charges' }, fault: { kind: 'hang' } }] },
      invariants: [boundedTime({ withinMs: 60_000 })],
    }
    expect((await checked(scenario, shop())).result?.verdict).toBe('holds')
    const { result } = await checked(scenario, shop({ noTimeout: true }))
    expect(result?.violations[0]?.happened).toBe('"pay order-1, 20.00 usd, pm_card_visa" never returned.')
  })

  test('finds attempts without a pause', async () => {
    const scenario: Scenario = {
      ...lostReply,
      plan: { faults: [{ on: { operation: 'POST /charges' }, fault: { kind: 'status', status: 503 } }] },
      invariants: [amplificationBounded()],
    }
    expect((await checked(scenario, shop())).result?.verdict).toBe('holds')
    const { result } = await checked(scenario, shop({ retriesAtOnce: true }))
    expect(result?.violations[0]?.happened).toBe(
      'POST /charges failed 3 times within 0 ms: it is repeated without a pause.',
    )
  })

  test('waits for deliveries that the provider repeats much later', async () => {
    const scenario: Scenario = {
      ...lostReply,
      plan: { faults: [{ on: { event: '*', nth: [1, 2, 3] }, fault: { kind: 'drop' } }] },
    }
    const { result } = await checked(scenario, shop())
    expect(result?.verdict).toBe('holds')
    expect(result?.elapsedMs).toBeGreaterThan(180_000)
  })

  test('heals the provider of faults that would never end', async () => {
    const scenario: Scenario = {
      ...lostReply,
      healAfterMs: 150_000,
      plan: { faults: [{ on: { event: '*' }, fault: { kind: 'drop' } }] },
    }
    expect((await checked(scenario, shop())).result?.verdict).toBe('holds')
  })
})
