import { readPlan } from '../mocks/plan.ts'
import { requireScenario, type Scenario } from './define.ts'
import { type Stage } from './stage.ts'

/**
 * Refuses a scenario that could not run, and one whose plan names an operation or event that the provider does not have, nor
 * the workload sends: it would hold because nothing struck. Throws `config_invalid` or `plan_invalid`.
 */
export function requirePlan(scenario: Scenario, { mock }: Stage): void {
  requireScenario(scenario)
  const { name, plan, workload } = scenario
  const { operations, events } = mock.planNames ?? {}
  const sent = workload.flatMap((step) => (step.do === 'send-event' ? [step.type] : []))
  readPlan(plan, `Scenario "${name}"`, {
    ...(operations === undefined ? {} : { operations }),
    ...(events === undefined ? {} : { events: [...events, ...sent] }),
  })
}
