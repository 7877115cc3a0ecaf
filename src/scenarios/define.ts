import { inspect } from 'node:util'
import { type Clock } from '../core/clock.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Random } from '../core/random.ts'
import { type Service } from '../core/service.ts'
import { type Fetch } from '../core/wire.ts'
import { type Invariant } from './invariants/invariant.ts'
import { fieldsOf, requireKnownFields } from './known-fields.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type Order, type Workload } from './workload.ts'
import { faultOfWorkload } from './workload-fault.ts'

/** What a scenario lends the integration under test. A fresh one for every run. */
export interface SubjectEnv {
  /**
   * Where the provider's API is. With `time: 'globals'` the global `fetch` reaches nothing else, and `node:http`
   * nothing beyond this machine: a database on loopback can be reached.
   */
  readonly baseUrl: string
  /** The way to the provider: give it to the client as its `fetch`. It takes what the platform's takes. */
  readonly fetch: Fetch
  /** The scenario's time: give it to everything that waits or reads the time. */
  readonly clock: Clock
  /** Chance that repeats with the seed. */
  readonly random: Random
  readonly apiKey: string
  readonly webhookSecret: string
  /**
   * Says that something happened which must not happen twice or without cause, such as sending the goods:
   * `effect('fulfil', order.id)`. It shows in the history at its moment.
   */
  effect(name: string, key: string, facts?: Readonly<Record<string, unknown>>): void
}

/** What the integration believes about an order. */
export interface ObservedOrder {
  readonly status: 'pending' | 'paid' | 'failed' | 'refunded'
  /** How many times the goods went out. */
  readonly fulfilled: number
}

/** What the integration believes when everything has settled. */
export interface Observed {
  readonly orders: Readonly<Record<string, ObservedOrder>>
}

/** What the integration can be asked to do. */
export interface Operations {
  /** Takes the money for an order. May reject: what counts is what is true afterwards. */
  pay(order: Order): Promise<unknown>
  /** Gives the money for an order back. Scenarios about refunds are left out without it. */
  refund?(orderId: string): Promise<unknown>
}

/** An integration at work. */
export interface RunningSubject {
  /** Takes the provider's webhooks. */
  readonly webhooks: Service
  readonly operations: Operations
  observe(): Promise<Observed>
  /** Whether work of its own is still to be done; the scenario waits for it. @default nothing is known of any */
  busy?(): boolean
  /** Ends it. Timers that are left over afterwards are leaks. */
  stop?(): Promise<void>
}

/** An integration that scenarios can be run against. */
export interface Subject {
  readonly name: string
  readonly provider: string
  /**
   * How the subject gets its time and its way out. `injected`: it uses nothing but `env.clock` and
   * `env.fetch`, which makes thousands of runs a second possible. `globals`: it is as it is, and timers,
   * `Date` and `fetch` are replaced around it while it runs. `real`: it runs elsewhere, in real time.
   * @default 'globals'
   */
  readonly time?: 'injected' | 'globals' | 'real'
  /**
   * Starts a fresh one. Puts the order's id into the metadata of what it creates at the provider, so that
   * the provider's truth can be compared with the shop's.
   */
  start(env: SubjectEnv): Promise<RunningSubject>
}

/** What must hold under which circumstances. */
export interface Scenario {
  /** Named after what must hold: `charges once when the reply is lost`. */
  readonly name: string
  readonly provider: string
  /** One sentence. */
  readonly promise: string
  readonly workload: Workload
  readonly plan: FaultPlan
  readonly invariants: readonly Invariant[]
  /** How long, in virtual time, faults may last before the provider is healed. @default until the workload ends */
  readonly healAfterMs?: number
  /** How long, in virtual time, the calls of the workload may take in all before they count as hung. @default one hour */
  readonly workloadLimitMs?: number
  /** Where it is written, for annotations. */
  readonly location?: { readonly file: string; readonly line?: number }
}

/** What `goodfence.config.ts` exports. */
export interface Config {
  readonly provider: string
  readonly subject: Subject | readonly Subject[]
  /** @default every built-in scenario of the provider */
  readonly scenarios?: readonly Scenario[]
}

const configFields = fieldsOf<Config>({ provider: true, subject: true, scenarios: true })
const subjectFields = fieldsOf<Subject>({ name: true, provider: true, time: true, start: true })
const scenarioFields = fieldsOf<Scenario>({
  name: true,
  provider: true,
  promise: true,
  workload: true,
  plan: true,
  invariants: true,
  healAfterMs: true,
  workloadLimitMs: true,
  location: true,
})
const times: readonly string[] = ['injected', 'globals', 'real'] satisfies Subject['time'][]

/**
 * Describes an integration to goodfence.
 *
 * @example
 * export const shop = defineSubject({
 *   name: 'checkout',
 *   provider: 'stripe',
 *   time: 'injected',
 *   async start({ fetch, clock, apiKey, webhookSecret, effect }) {
 *     const shop = createShop({ fetch, clock, apiKey, webhookSecret, onFulfil: (id) => effect('fulfil', id) })
 *     return {
 *       webhooks: shop.webhooks,
 *       operations: { pay: (order) => shop.pay(order) },
 *       observe: async () => ({ orders: shop.orders() }),
 *       stop: () => shop.stop(),
 *     }
 *   },
 * })
 */
export function defineSubject(subject: Subject): Subject {
  requireKnownFields('defineSubject', subject, subjectFields, nameOf(subject))
  const { name, provider, time, start } = subject
  requireText(name, 'A subject needs a name, such as "checkout".', name)
  requireText(provider, `Subject "${name}" needs a provider, such as "stripe".`, name)
  requireTime(time, name)
  if (typeof start !== 'function')
    throw configInvalid(
      `Subject "${name}" needs start(env), which resolves with { webhooks, operations, observe }; it is ${typeof start}.`,
      name,
    )
  return subject
}

function requireTime(time: unknown, name: string): void {
  if (time === undefined || times.includes(time as string)) return
  const shown = typeof time === 'string' ? time : inspect(time)
  throw configInvalid(`Subject "${name}" cannot have the time "${shown}".${didYouMean(shown, times)}`, name)
}

/** Describes a scenario. */
export function defineScenario(scenario: Scenario): Scenario {
  requireScenario(scenario)
  return scenario
}

/** Throws `config_invalid` for a scenario that could not run, or would hold because it does nothing. */
export function requireScenario(scenario: Scenario): void {
  requireKnownFields('defineScenario', scenario, scenarioFields, nameOf(scenario))
  const { name, workload, invariants } = scenario
  requireText(name, 'A scenario needs a name that says what must hold.', name)
  const wrong = (what: string) => configInvalid(`Scenario "${name}" ${what}`, name)
  const fault = faultOfWorkload(workload)
  if (fault !== undefined)
    throw wrong(`cannot run: /workload${fault.pointer} ${fault.problem}. Mend that step of its workload.`)
  if (workload.length === 0) throw wrong('has an empty workload, so it would show nothing. Add a step.')
  if (!Array.isArray(invariants) || invariants.length === 0)
    throw wrong('has no invariants, so it could never be broken. Add one.')
  const odd = invariants.findIndex((each) => typeof (each as Partial<Invariant> | undefined)?.check !== 'function')
  if (odd >= 0)
    throw wrong(`has as invariant ${odd + 1} what is none: call it, as in atMostOnce(), or give it a check.`)
}

/** Describes what `goodfence test` runs. */
export function defineConfig(config: Config): Config {
  requireKnownFields('defineConfig', config, configFields)
  const { provider, scenarios = [] } = config
  requireText(provider, 'The configuration needs a provider, such as "stripe".', 'provider')
  const subjects = config.subject === undefined ? [] : subjectsOf(config)
  if (subjects.length === 0)
    throw configInvalid('The configuration has no subject. Add one made with defineSubject().', 'subject')
  // Either may have been written down without the functions that check it.
  for (const subject of subjects) {
    const { name, provider: itsProvider } = defineSubject(subject)
    if (itsProvider !== provider)
      throw configInvalid(`Subject "${name}" is for ${itsProvider}, the configuration for ${provider}.`, name)
  }
  if (!Array.isArray(scenarios))
    throw configInvalid('The scenarios of the configuration are no list. Write scenarios: [...].', 'scenarios')
  for (const scenario of scenarios as readonly Scenario[]) requireScenario(scenario)
  requireOwnNames('subjects', subjects)
  requireOwnNames('scenarios', scenarios)
  return config
}

/** Reports, bundles and `--grep` tell things apart by their names. */
function requireOwnNames(things: string, named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw configInvalid(`Two ${things} have one name, "${twice}". Give each its own.`, twice)
}

function nameOf(thing: { readonly name?: unknown } | undefined): string {
  return typeof thing?.name === 'string' ? thing.name : ''
}

/** The subjects of a configuration, also when there is only one. */
export function subjectsOf(config: Config): readonly Subject[] {
  return Array.isArray(config.subject) ? (config.subject as readonly Subject[]) : [config.subject as Subject]
}

function requireText(value: unknown, message: string, path: string): void {
  if (typeof value !== 'string' || value.trim() === '') throw configInvalid(message, path)
}

function configInvalid(message: string, path: string): GoodfenceError<'config_invalid'> {
  return new GoodfenceError('config_invalid', message, { path })
}

/** Whether the platform's globals have to be replaced around a subject. */
export function usesGlobals({ time = 'globals' }: Subject): boolean {
  return time === 'globals'
}
