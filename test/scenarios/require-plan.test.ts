import { describe, expect, test } from 'vitest'
import { type FaultTrigger } from '../../src/mocks/plan.ts'
import { type Scenario, defineConfig, defineScenario, defineSubject } from '../../src/scenarios/define.ts'
import { atMostOnce } from '../../src/scenarios/invariants/index.ts'
import { type TestRunner, registerScenarios } from '../../src/scenarios/register.ts'
import { runSuite } from '../../src/scenarios/suite.ts'
import { order } from '../../src/scenarios/workload.ts'

const idle = defineSubject({
  name: 'idle',
  provider: 'stripe',
  time: 'injected',
  async start() {
    const nothing = async () => undefined
    return {
      webhooks: async () => new Response(),
      operations: { pay: nothing },
      observe: async () => ({ orders: {} }),
    }
  },
})

const paying: Scenario['workload'] = [{ do: 'pay', order: order('order-1') }]

const scenario = (on: FaultTrigger, kind: 'drop' | 'hang', workload = paying) =>
  defineScenario({
    name: 'survives',
    provider: 'stripe',
    promise: 'p',
    workload,
    plan: { faults: [{ on, fault: { kind } }] },
    invariants: [atMostOnce()],
  })

const configOf = (about: Scenario) => defineConfig({ provider: 'stripe', subject: idle, scenarios: [about] })

describe('a scenario whose plan names what the provider does not have', () => {
  const event = scenario({ event: 'paymnt_intent.*' }, 'drop')
  const operation = scenario({ operation: 'POST /v1/payment_intent' }, 'hang')

  test.each([
    ['event', event, /^Scenario "survives": \/faults\/0\/on\/event .* Did you mean "payment_intent\.\*"\?$/],
    ['operation', operation, /\/faults\/0\/on\/operation .* Did you mean "POST \/v1\/payment_intents"\?$/],
  ])('is refused by a suite: %s', async (_, about, message) => {
    await expect(runSuite(configOf(about))).rejects.toThrow(message)
  })

  test('fails as a test', async () => {
    const bodies: Parameters<TestRunner['test']>[1][] = []
    registerScenarios({ describe: (_, body) => body(), test: (_, body) => void bodies.push(body) }, configOf(event))
    await expect(bodies[0]?.(() => {})).rejects.toMatchObject({ code: 'plan_invalid' })
  })

  test('runs when the workload itself sends such events', async () => {
    const workload = [{ do: 'send-event', type: 'invoice.paid', object: { id: 'in_1' } }] as const
    const { report } = await runSuite(configOf(scenario({ event: 'invoice.paid' }, 'drop', workload)))
    expect(report.results).toMatchObject([{ verdict: 'holds' }])
  })
})
