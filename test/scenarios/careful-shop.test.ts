import { describe, expect, test } from 'vitest'
import { careful, carefulInMemory } from '../../examples/checkout/careful/goodfence.config.ts'
import { type FaultPlan } from '../../src/mocks/plan.ts'
import { defineScenario } from '../../src/scenarios/define.ts'
import { runSuite } from '../../src/scenarios/suite.ts'
import { stripePack } from '../../src/scenarios/stripe/pack.ts'
import { type Workload, order } from '../../src/scenarios/workload.ts'

const challenged = order('order-1', { card: 'pm_card_threeDSecureRequired' })
const authenticated: Workload = [
  { do: 'pay', order: challenged, atMs: 0 },
  { do: 'complete-action', order: 'order-1', how: 'succeed', atMs: 5_000 },
]
const read = 'GET /v1/payment_intents/{intent}'
const create = 'POST /v1/payment_intents'

/** What exploring once found. */
const found: readonly [string, Workload, FaultPlan['faults']][] = [
  [
    'an error with 200 where a payment was asked for',
    authenticated,
    [{ on: { operation: read, nth: [1, 2] }, fault: { kind: 'status', status: 200 } }],
  ],
  [
    'a pause of an hour before the payment can be read',
    authenticated,
    [{ on: { operation: read, nth: [1] }, fault: { kind: 'rate-limit', retryAfter: 3_600 } }],
  ],
  [
    'a stored 401 while the order is checked out twice',
    [
      { do: 'pay', order: challenged, atMs: 0 },
      { do: 'pay', order: order('order-1'), atMs: 0 },
    ],
    [{ on: { operation: create, nth: [1] }, fault: { kind: 'status', status: 401, stored: true } }],
  ],
  [
    'late news of the first card while nobody knows of the second',
    [
      { do: 'pay', order: order('order-1', { card: 'pm_card_chargeDeclined' }), atMs: 0 },
      { do: 'pay', order: challenged, atMs: 1 },
      { do: 'pay', order: order('order-1'), atMs: 5_000 },
    ],
    [{ on: { operation: 'POST /v1/payment_intents/{intent}/confirm', nth: [1] }, fault: { kind: 'hang' } }],
  ],
]

// Two stores behind one shop: what is proven of one has to be proven of the other.
describe.each([careful, carefulInMemory])('the shop named $name', (subject) => {
  test('holds every built-in scenario', async () => {
    const { report } = await runSuite({ provider: 'stripe', subject })
    expect(report.results.length).toBeGreaterThan(40)
    expect(report.results.filter(({ verdict }) => verdict !== 'holds')).toEqual([])
  })

  test.each(found)('survives %s', async (name, workload, faults) => {
    const { invariants, promise } = stripePack.exploring.scenario
    const scenario = defineScenario({ name, provider: 'stripe', promise, workload, plan: { faults }, invariants })
    const { report } = await runSuite({ provider: 'stripe', subject, scenarios: [scenario] })
    expect(report.results.map(({ verdict, violations }) => ({ verdict, violations }))).toEqual([
      { verdict: 'holds', violations: [] },
    ])
  })
})
