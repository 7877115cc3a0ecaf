import { type Clock } from '../core/clock.ts'
import { type Random, seededRandom } from '../core/random.ts'
import { eventMatcher } from '../webhooks/delivery.ts'
import { type FaultPlan, type FaultRule } from './plan.ts'

/** An attempt as a rule sees it. */
export interface Subject {
  /** The operation's name or id, for an exchange. */
  readonly isOperation?: (name: string) => boolean
  /** The event's type, for a delivery. */
  readonly event?: string
  readonly tenant?: string | undefined
}

/** A rule of a plan with its count and its chance. */
export interface ArmedRule {
  /** The rule's place in the plan, from 0. */
  readonly index: number
  readonly fault: FaultRule['fault']
  /** What the fault itself may draw from. */
  readonly random: Random
  /** Whether the rule strikes this attempt. Counts the attempt when all but `nth` matches. */
  strikes(subject: Subject): boolean
  /** Counts and draws from the beginning again. */
  reset(): void
}

export interface Arming {
  readonly clock: Clock
  readonly seed: number
  /** What `fromMs` and `untilMs` count from; may change. */
  readonly started: { readonly atMs: number }
}

/**
 * Makes a plan's rules ready to strike. Each draws from a stream of its own, named after what the rule is,
 * so that its chance stays the same when other rules go.
 */
export function armRules({ faults }: FaultPlan, arming: Arming): readonly ArmedRule[] {
  const seen = new Map<string, number>()
  return faults.map((rule, index) => {
    const kin = `fault ${rule.fault.kind} ${rule.on?.operation ?? rule.on?.event ?? '*'}`
    const count = (seen.get(kin) ?? 0) + 1
    seen.set(kin, count)
    return arm(rule, index, `${kin} ${count}`, arming)
  })
}

function arm({ on = {}, fault }: FaultRule, index: number, stream: string, arming: Arming): ArmedRule {
  const { operation, event, nth, fromMs = 0, untilMs = Infinity, probability = 1, tenant } = on
  const { clock, seed, started } = arming
  const isEvent = event === undefined ? undefined : eventMatcher(event)
  // Made when first drawn from: most rules leave nothing to chance.
  let chance: Random | undefined
  let draws: Random | undefined
  let count = 0
  return {
    index,
    fault,
    random: () => (draws ??= seededRandom(seed, `${stream} draws`))(),
    strikes(subject) {
      if (operation !== undefined && subject.isOperation?.(operation) !== true) return false
      if (isEvent !== undefined && (subject.event === undefined || !isEvent(subject.event))) return false
      if (tenant !== undefined && tenant !== subject.tenant) return false
      const atMs = clock.now() - started.atMs
      if (atMs < fromMs || atMs >= untilMs) return false
      if (probability < 1 && (chance ??= seededRandom(seed, stream))() >= probability) return false
      count++
      return nth === undefined || nth.includes(count)
    },
    reset() {
      chance = undefined
      draws = undefined
      count = 0
    },
  }
}
