import { describe, expect, test } from 'vitest'
import { defineScenario } from '../../src/scenarios/define.ts'
import { atMostOnce } from '../../src/scenarios/invariants/index.ts'
import { type TestRunner, registerScenarios } from '../../src/scenarios/register.ts'
import { scenarios } from '../../src/scenarios/vitest.ts'
import { order } from '../../src/scenarios/workload.ts'
import { fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const base = { provider: 'fake', promise: 'p', invariants: [atMostOnce()] }
const pay = { do: 'pay' as const, order: order('order-1') }
const pack = fakePack([
  defineScenario({
    ...base,
    name: 'charges once when the reply is lost',
    workload: [pay],
    plan: { faults: [{ on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' } }] },
  }),
  defineScenario({
    ...base,
    name: 'refunds',
    workload: [pay, { do: 'refund', order: 'order-1' }],
    plan: { faults: [] },
  }),
])

scenarios(
  { provider: 'fake', subject: shop({ name: 'scenarios as Vitest tests' }), scenarios: pack.scenarios.slice(0, 1) },
  { pack },
)

describe('scenarios in a test runner', () => {
  async function outcomes(subject: ReturnType<typeof shop>): Promise<string[]> {
    const told: string[] = []
    const tests: (() => Promise<void>)[] = []
    const runner: TestRunner = {
      describe(name, body) {
        told.push(name)
        body()
      },
      test: (name, body) =>
        void tests.push(async () => {
          let outcome = 'passed'
          await body((reason) => (outcome = `skipped: ${reason}`)).catch(
            (error: unknown) => (outcome = (error as Error).message),
          )
          told.push(`${name}: ${outcome}`)
        }),
    }
    registerScenarios(runner, { provider: 'fake', subject }, { pack })
    for (const each of tests) await each()
    return told
  }

  test('pass where they hold and are skipped where they do not apply', async () => {
    expect(await outcomes(shop())).toEqual([
      'shop',
      'charges once when the reply is lost: passed',
      'refunds: skipped: "refunds" is left out: shop has no operation "refund".',
    ])
  })

  test('fail with everything that there is to know', async () => {
    const [, failure] = await outcomes(shop({ keyless: true }))
    expect(failure).toContain('happened   Order order-1 was charged twice')
    expect(failure).toContain('plan       The reply to the first POST /charges is lost.')
    expect(failure).toContain('<-- here')
  })

  test('fail where the subject cannot be started', async () => {
    const [, failure] = await outcomes(shop({ start: () => Promise.reject(new Error('no database')) }))
    expect(failure).toContain('shop could not be started.')
  })
})
