import { type FaultRule, type FaultPlan } from '../../mocks/plan.ts'
import { type Fault } from '../../mocks/faults/fault.ts'
import { type Scenario, defineScenario } from '../define.ts'
import { atMostOnce } from '../invariants/at-most-once.ts'
import { converges } from '../invariants/converges.ts'
import { fulfilledOnce } from '../invariants/fulfilled-once.ts'
import { type Invariant } from '../invariants/invariant.ts'
import { nothingEscapes } from '../invariants/nothing-escapes.ts'
import { paidIsFulfilled } from '../invariants/paid-is-fulfilled.ts'
import { requestsValid } from '../invariants/requests-valid.ts'
import { secretsNotLeaked } from '../invariants/secrets-not-leaked.ts'
import { type Workload, order } from '../workload.ts'

export interface StripeScenario {
  readonly promise: string
  /** @default one customer pays 20.00 usd with a good card */
  readonly workload?: Workload
  /** @default nothing goes wrong */
  readonly faults?: FaultPlan['faults']
  /** Besides those that hold for money and those that always hold. */
  readonly invariants?: readonly Invariant[]
  /** Invariants that do not apply, by name. */
  readonly except?: readonly string[]
}

/** What must be true of money in every scenario. */
const money = [atMostOnce(), fulfilledOnce(), paidIsFulfilled(), converges()]
const always = [nothingEscapes(), requestsValid(), secretsNotLeaked()]

/** A scenario about Stripe. Its own invariants come first, since the first that breaks is the one told. */
export function stripeScenario(name: string, scenario: StripeScenario): Scenario {
  const {
    promise,
    workload = [{ do: 'pay', order: order('order-1') }],
    faults = [],
    invariants = [],
    except = [],
  } = scenario
  const own = new Set(invariants.map((invariant) => invariant.name))
  const others = [...money, ...always].filter((other) => !own.has(other.name) && !except.includes(other.name))
  return defineScenario({
    name,
    provider: 'stripe',
    promise,
    workload,
    plan: { faults },
    invariants: [...invariants, ...others],
  })
}

/** The requests that can take money: an intent confirmed as it is made, or in a request of its own. */
const charging = ['POST /v1/payment_intents', 'POST /v1/payment_intents/{intent}/confirm']

/** A fault on what takes the money, whichever way the integration goes. */
export function onCharge(fault: Fault, nth?: readonly number[]): readonly FaultRule[] {
  return charging.map((operation) => ({ on: { operation, ...(nth === undefined ? {} : { nth }) }, fault }))
}
