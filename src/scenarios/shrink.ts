import { faultKinds } from '../mocks/fault-kinds.ts'
import { type FaultPlan, type FaultRule } from '../mocks/plan.ts'
import { isPlan } from './is-plan.ts'
import { type Case } from './run.ts'

export interface ShrinkOptions {
  /** Whether this case still breaks the same promise. */
  readonly stillBroken: (candidate: Case) => Promise<boolean>
  /** @default 200 */
  readonly maxRuns?: number
  /**
   * Make the values of faults plainer as well. Right for plans drawn at random; in a plan that somebody
   * wrote, the values are what it is about. @default false
   */
  readonly values?: boolean
}

/**
 * Makes a broken case smaller until nothing can be taken away: fewer faults, weaker ones, plainer times,
 * less workload. Each candidate must break the same promise, so that one defect does not turn into another.
 */
export async function shrink(broken: Case, options: ShrinkOptions): Promise<Case> {
  const { stillBroken, maxRuns = 200, values = false } = options
  let best = broken
  let runs = 0
  for (;;) {
    const before = best
    for (const candidate of smaller(best, values)) {
      if (!isPlan(candidate.plan)) continue
      if (runs++ >= maxRuns) return best
      if (await stillBroken(candidate)) {
        best = candidate
        break
      }
    }
    if (best === before) return best
  }
}

/** Every case that is one move smaller, the boldest moves first. */
export function* smaller(scenario: Case, values = false): Generator<Case> {
  const { plan, workload } = scenario
  for (const index of plan.faults.keys())
    yield { ...scenario, plan: { ...plan, faults: plan.faults.toSpliced(index, 1) } }
  for (const index of workload.keys())
    if (workload.length > 1) yield { ...scenario, workload: workload.toSpliced(index, 1) }
  for (const [index, rule] of plan.faults.entries()) {
    for (const weaker of weakened(rule, values)) yield { ...scenario, plan: replaced(plan, index, weaker) }
  }
  if (!values) return
  for (const [index, step] of workload.entries()) {
    if (step.atMs !== undefined && step.atMs > 0)
      yield { ...scenario, workload: workload.with(index, { ...step, atMs: 0 }) }
  }
}

function replaced(plan: FaultPlan, index: number, rule: FaultRule): FaultPlan {
  return { ...plan, faults: plan.faults.with(index, rule) }
}

/** The same fault less often, or with plainer values. */
function* weakened(rule: FaultRule, values: boolean): Generator<FaultRule> {
  const { on = {}, fault } = rule
  const { probability, nth, fromMs, untilMs, ...rest } = on
  if (probability !== undefined) yield { ...rule, on: without(on, 'probability') }
  if (nth?.length !== 1 || nth[0] !== 1) yield { ...rule, on: { ...on, nth: [1] } }
  if (nth !== undefined && nth.length > 1)
    for (const one of nth) yield { ...rule, on: { ...on, nth: nth.filter((n) => n !== one) } }
  if (fromMs !== undefined || untilMs !== undefined)
    yield { ...rule, on: { ...rest, ...(nth === undefined ? {} : { nth }) } }
  if (!values) return
  const facts = faultKinds[fault.kind].fields as Readonly<
    Record<string, { required?: true; examples?: readonly unknown[] }>
  >
  for (const [field, { required, examples = [] }] of Object.entries(facts)) {
    const value = (fault as unknown as Readonly<Record<string, unknown>>)[field]
    if (value === undefined) continue
    if (required !== true) yield { ...rule, fault: without(fault, field as never) }
    for (const plainer of plainerThan(value, examples)) yield { ...rule, fault: { ...fault, [field]: plainer } }
  }
}

/** The examples that are less than a number, the least first. */
function plainerThan(value: unknown, examples: readonly unknown[]): readonly number[] {
  if (typeof value !== 'number') return []
  const numbers = examples.filter((example): example is number => typeof example === 'number' && example < value)
  return numbers.toSorted((a, b) => a - b)
}

function without<T extends object>(object: T, key: keyof T): T {
  const { [key]: _, ...rest } = object
  return rest as T
}
