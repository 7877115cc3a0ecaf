import { describe, expect, test } from 'vitest'
import { defineScenario, type Scenario } from '../../src/scenarios/define.ts'
import { type History } from '../../src/scenarios/history.ts'
import { atMostOnce } from '../../src/scenarios/invariants/index.ts'
import { type Invariant } from '../../src/scenarios/invariants/invariant.ts'
import { judge } from '../../src/scenarios/judge.ts'
import { runSuite } from '../../src/scenarios/suite.ts'
import { order } from '../../src/scenarios/workload.ts'
import { fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const good: Scenario = {
  name: 'takes a payment',
  provider: 'fake',
  promise: 'An order is paid for.',
  workload: [{ do: 'pay', order: order('order-1') }],
  plan: { faults: [] },
  invariants: [atMostOnce()],
}
const payment = { do: 'pay', order: order('order-1') }

describe('defining a scenario', () => {
  test.each([
    [{ workload: [{ do: 'payy' }] }, '/workload/0/do is "payy", which is no step of a workload'],
    [{ workload: [payment, { do: 'pay' }] }, '/workload/1/order is not an object'],
    [{ workload: [{ do: 'pay', order: 'o1' }] }, '/workload/0/order is not an object'],
    [
      { workload: [{ do: 'pay', order: { ...order('o'), amount: 0.5 } }] },
      '/workload/0/order/amount is not a whole number',
    ],
    [{ workload: [{ do: 'refund' }] }, '/workload/0/order is not a text'],
    [{ workload: [{ do: 'complete-action', order: 'o', how: 'maybe' }] }, '/workload/0/how is neither'],
    [{ workload: [{ do: 'send-event', type: 'x' }] }, '/workload/0/object is not an object'],
    [{ workload: [{ ...payment, atMS: 5 }] }, '/workload/0/atMS is no field of it. Did you mean "atMs"?'],
    [
      { workload: [{ do: 'pay', order: { ...order('o'), ammount: 1 } }] },
      '/workload/0/order/ammount is no field of it. Did you mean "amount"?',
    ],
    [{ workload: [{ ...payment, atMs: Infinity }] }, '/workload/0/atMs is not a number of at least 0'],
    [{ workload: [{ ...payment, atMs: -1 }] }, '/workload/0/atMs is not a number of at least 0'],
    [{ workload: [] }, 'has an empty workload'],
    [{ workload: undefined }, '/workload is not a list'],
    [{ invariants: [] }, 'has no invariants'],
    [{ invariants: undefined }, 'has no invariants'],
    [{ invariants: [atMostOnce] }, 'has as invariant 1 what is none: call it'],
    [{ invariant: [] }, 'does not know "invariant" of "takes a payment". Did you mean "invariants"?'],
  ])('refuses %j, whether it is defined or only listed', async (change, problem) => {
    const scenario = { ...good, ...change } as unknown as Scenario
    const refusal = expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(problem) })
    expect(() => defineScenario(scenario)).toThrow(refusal)
    expect(() => defineScenario(scenario)).toThrow('"takes a payment"')
    await expect(
      runSuite({ provider: 'fake', subject: shop(), scenarios: [scenario] }, { pack: fakePack() }),
    ).rejects.toEqual(refusal)
  })
})

describe('an invariant of the user’s own', () => {
  const history: History = {
    startMs: 0,
    endMs: 0,
    workload: [],
    entries: [],
    calls: [],
    payments: [],
    observed: { orders: {} },
    escaped: [],
    leaks: [],
    console: [],
    egress: [],
    secrets: { 'API key': 'canary-123' },
  }
  const invariant = (check: () => unknown): Invariant => ({
    name: 'mine',
    promise: 'p',
    check: check as Invariant['check'],
  })

  test('that throws makes the verdict unknown, in words without secrets', () => {
    const { verdict, reason } = judge(history, [
      invariant(() => {
        throw new TypeError('no such order: canary-123')
      }),
    ])
    expect({ verdict, reason }).toEqual({
      verdict: 'unknown',
      reason: 'Mend the check() of the invariant "mine", which threw: TypeError: no such order: ***',
    })
  })

  test.each([
    ['a text'],
    [true],
    [{}],
    [['a text']],
    [[{ happened: 1 }]],
    [[{ happened: 'x', entries: 'all' }]],
    [undefined],
  ])('that gives %j makes the verdict unknown', (findings) => {
    const { verdict, reason } = judge(history, [invariant(() => findings)])
    expect(verdict).toBe('unknown')
    expect(reason).toContain('Mend the check() of the invariant "mine": it gave something else than a list')
  })
})
