import { type DeliveryFault } from './delivery-faults/delivery-fault.ts'
import { isDeliveryFault } from './fault-kinds.ts'
import { type Fault } from './faults/fault.ts'
import { type PlanNames } from './plan-names.ts'
import { type Place, checkRule, objectAt, refusal, refuseUnknown, show } from './plan-checks.ts'

/** Which faults strike what, and when: plain data that can be printed, stored, shrunk and replayed. */
export interface FaultPlan {
  /** Seed of all chance in the plan. @default drawn from the mock's */
  readonly seed?: number
  readonly faults: readonly FaultRule[]
}

export interface FaultRule {
  /** What it strikes. @default every exchange, or every delivery */
  readonly on?: FaultTrigger
  readonly fault: Fault | DeliveryFault
}

/** Conditions, joined by *and*. */
export interface FaultTrigger {
  /** An operationId or `METHOD /template`; for exchange faults. */
  readonly operation?: string
  /** An event type in which `*` stands for any run of characters; for delivery faults. */
  readonly event?: string
  /** Which of the attempts that match everything else, counted from 1. */
  readonly nth?: readonly number[]
  /** Not before this long after the mock's start or last reset. */
  readonly fromMs?: number
  /** Only before this long after the mock's start or last reset. */
  readonly untilMs?: number
  /** Chance of striking, from 0 to 1. @default 1 */
  readonly probability?: number
  readonly tenant?: string
}

/** A plan in which nothing goes wrong. */
export const emptyPlan: FaultPlan = { faults: [] }

/**
 * Checks that `value` is a plan and returns it. `path` is where it came from, for the message.
 *
 * Throws `plan_invalid` with the place, as a JSON pointer, and the mend.
 */
export function readPlan(value: unknown, path: string, names: PlanNames = {}): FaultPlan {
  const at = (pointer: string): Place => ({ path, pointer, names })
  if (Array.isArray(value)) throw refusal(at(''), 'is a list. Write { "faults": [...] } around it.')
  const plan = objectAt(value, at(''))
  refuseUnknown(plan, ['seed', 'faults'], 'a plan', at(''))
  if (plan['seed'] !== undefined && !Number.isSafeInteger(plan['seed'])) {
    throw refusal(at('/seed'), `is ${show(plan['seed'])}. Give a whole number.`)
  }
  const rules = plan['faults']
  if (!Array.isArray(rules)) {
    throw refusal(at('/faults'), `is ${show(rules)}. Give a list of rules, [] for none.`)
  }
  rules.forEach((rule, index) => checkRule(rule, at(`/faults/${index}`)))
  return plan as unknown as FaultPlan
}

/** Reads the text of a plan file. Throws `plan_invalid` as `readPlan` does. */
export function parsePlan(text: string, path: string, names?: PlanNames): FaultPlan {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw refusal({ path, pointer: '', names: {} }, `is not JSON: ${reason}`)
  }
  return readPlan(value, path, names)
}

/**
 * Refuses a plan with delivery faults where nothing sends webhooks. `why` completes the sentence: "a
 * delivery fault cannot strike here: ...".
 */
export function requireExchangeFaults(plan: FaultPlan, path: string, why: string): void {
  plan.faults.forEach(({ fault }, index) => {
    if (!isDeliveryFault(fault)) return
    const place = { path, pointer: `/faults/${index}/fault/kind`, names: {} }
    throw refusal(place, `is "${fault.kind}", a delivery fault, which cannot strike here: ${why}. Leave it out.`)
  })
}
