import { type Clock } from '../core/clock.ts'
import { type Journal } from '../core/journal.ts'
import { type Random } from '../core/random.ts'
import { maskPath } from '../core/mask-path.ts'
import { pathOf } from '../core/record.ts'
import { type Layer, type Service } from '../core/service.ts'
import { type Delivery, type DeliveryFilter } from '../webhooks/delivery.ts'
import { type ArmedRule, type Subject, armRules } from './armed-rule.ts'
import { type DeliveryFault, strike } from './delivery-faults/delivery-fault.ts'
import { isDeliveryFault } from './fault-kinds.ts'
import { type Fault, inject, stageOf } from './faults/fault.ts'
import { type FaultPlan } from './plan.ts'

export interface FaultsOptions {
  readonly clock: Clock
  /** Gives a plan without a seed its seed. */
  readonly random: Random
  readonly journal: Journal
  /** A refusal in the provider's own words; of the request, where its execution had begun. */
  readonly errorResponse: (status: number, code?: string, request?: Request) => Response
  /** The operation that a request means. */
  readonly operationOf: (request: Request) => { readonly name: string; readonly id?: string | undefined } | undefined
  /** Whose request it is. @default nobody's, so that rules with a tenant never match */
  readonly tenantOf?: ((request: Request) => string | undefined) | undefined
  /** What `fromMs` and `untilMs` count from: the mock's start or last reset. @default now */
  readonly startedAtMs?: number | undefined
}

/** A plan at work. */
export interface Faults {
  /** Faults that stand outside the replay of stored answers. Every request to the mock passes here. */
  readonly network: Layer
  /** Faults that stand inside it. */
  readonly execution: Layer
  /** Faults of deliveries; for the outbox. */
  readonly deliveries: DeliveryFilter
  /** Counts and draws from the beginning again; times count from now. */
  reset(): void
}

const identity: Layer = (next) => next

/** Nothing goes wrong, and nothing is spent on it. */
export const noFaults: Faults = {
  network: identity,
  execution: identity,
  deliveries: (pending) => pending,
  reset() {},
}

/**
 * Puts a plan to work.
 *
 * Whether a rule strikes a request is decided when the request arrives, for both stages, so that `nth`
 * counts attempts on the wire. A delivery is asked about when it is due; `early` alone when its event is
 * made. Every matching fault applies, the first listed outermost.
 */
export function createFaults(plan: FaultPlan, options: FaultsOptions): Faults {
  if (plan.faults.length === 0) return noFaults
  const { clock, random } = options
  const started = { atMs: options.startedAtMs ?? clock.now() }
  const rules = armRules(plan, { clock, started, seed: plan.seed ?? Math.floor(random() * 2 ** 32) })
  const ofDeliveries = rules.filter(({ fault }) => isDeliveryFault(fault))
  const ofExchanges = rules.filter(({ fault }) => !isDeliveryFault(fault))
  return {
    ...(ofExchanges.length === 0 ? noFaults : exchangeFaults(ofExchanges, options)),
    deliveries: ofDeliveries.length === 0 ? noFaults.deliveries : deliveryFaults(ofDeliveries, options),
    reset() {
      started.atMs = clock.now()
      for (const rule of rules) rule.reset()
    },
  }
}

/** A fault about to strike a request: its rule, its layer, and what the journal calls the request. */
interface Hit {
  readonly rule: ArmedRule
  readonly layer: Layer
  readonly on: string
}

function exchangeFaults(rules: readonly ArmedRule[], options: FaultsOptions): Pick<Faults, 'network' | 'execution'> {
  const { clock, journal, errorResponse, operationOf, tenantOf } = options
  const injected = rules.map((rule) => ({
    rule,
    layer: inject(rule.fault as Fault, { clock, errorResponse, random: rule.random }),
    stage: stageOf(rule.fault as Fault),
  }))
  /** Decided at arrival, for when the request comes to its execution. */
  const decided = new WeakMap<Request, readonly Hit[]>()

  function hitsOf(request: Request): { network: readonly Hit[]; execution: readonly Hit[] } {
    const operation = operationOf(request)
    const on = operation?.name ?? `${request.method} ${maskPath(pathOf(request.url))}`
    const subject: Subject = {
      isOperation: (name) => name === on || name === operation?.id,
      tenant: tenantOf?.(request),
    }
    const network: Hit[] = []
    const execution: Hit[] = []
    for (const { rule, layer, stage } of injected) {
      if (rule.strikes(subject)) (stage === 'network' ? network : execution).push({ rule, layer, on })
    }
    return { network, execution }
  }

  /** Every hit in the journal as its fault is entered: what stands inside a reset never strikes. */
  function struck(hits: readonly Hit[], next: Service): Service {
    return hits.reduceRight<Service>((inner, { rule, layer, on }) => {
      const service = layer(inner)
      return (request, context) => {
        journal.record({ kind: 'fault', fault: rule.fault.kind, on, index: rule.index })
        return service(request, context)
      }
    }, next)
  }

  return {
    network: (next) => (request, context) => {
      const { network, execution } = hitsOf(request)
      if (execution.length > 0) decided.set(request, execution)
      return struck(network, next)(request, context)
    },
    execution: injected.some(({ stage }) => stage === 'execution')
      ? (next) => (request, context) => struck(decided.get(request) ?? [], next)(request, context)
      : identity,
  }
}

function deliveryFaults(rules: readonly ArmedRule[], { journal }: FaultsOptions): DeliveryFilter {
  return (pending, tools) =>
    pending.flatMap((delivery): readonly Delivery[] => {
      const subject: Subject = { event: delivery.type, tenant: delivery.tenant }
      const hits = rules.filter((rule) => (rule.fault.kind === 'early') !== tools.due && rule.strikes(subject))
      for (const { fault, index } of hits) {
        journal.record({ kind: 'fault', fault: fault.kind, on: delivery.type, index })
      }
      return hits.reduceRight<readonly Delivery[]>(
        (sent, { fault, random }) => sent.flatMap(strike(fault as DeliveryFault, { ...tools, random })),
        [delivery],
      )
    })
}
