import { readPlan } from '../mocks/plan.ts'
import { type Scenario } from './define.ts'
import { type Stage } from './stage.ts'

/**
 * Refuses a scenario whose plan names an operation or event that the provider does not have, nor the workload sends: it
 * would hold because nothing struck. Throws `plan_invalid`.
 */
export function requirePlan({ name, plan, workload }: Scenario, { mock }: Stage): void {
  const { operations, events } = mock.planNames ?? {}
  const sent = workload.flatMap((step) => (step.do === 'send-event' ? [step.type] : []))
  readPlan(plan, `Scenario "${name}"`, {
    ...(operations === undefined ? {} : { operations }),
    ...(events === undefined ? {} : { events: [...events, ...sent] }),
  })
}
