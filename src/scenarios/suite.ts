import { type GoodfenceError } from '../core/errors.ts'
import { type Report, type ScenarioResult } from '../reports/result.ts'
import { type OnRun, check } from './check.ts'
import { type Config, type Scenario, type Subject, subjectsOf, usesGlobals } from './define.ts'
import { packOf } from './packs.ts'
import { realNow } from './install-clock.ts'
import { type BundleOptions, type NamedBundle, makeBundle } from './make-bundle.ts'
import { type ProviderPack } from './provider-pack.ts'
import { requirePlan } from './require-plan.ts'
import { openSession } from './session.ts'
import { createStage } from './stage.ts'

export interface SuiteOptions extends BundleOptions {
  /** Only scenarios whose name or subject contains this text. @default all */
  readonly grep?: string | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** When the command began, in milliseconds since the Unix epoch. @default the Unix epoch */
  readonly startedMs?: number | undefined
  /** Hears of each scenario as it ends, for progress. */
  readonly onResult?: ((result: ScenarioResult, done: number, total: number) => void) | undefined
  /** Hears of each run as it begins. */
  readonly onRun?: OnRun | undefined
  /** Ends the suite between two scenarios. */
  readonly signal?: AbortSignal | undefined
  /** The provider's pack, for providers of one's own. @default the built-in one of the configuration's provider */
  readonly pack?: ProviderPack | undefined
}

/** What a suite found out: the report, and a bundle for each broken scenario. */
export interface SuiteOutcome {
  readonly report: Report
  readonly bundles: readonly NamedBundle[]
  /** The first subject that could not be started: a failure of the configuration, not a verdict. */
  readonly startFailure?: GoodfenceError<'subject_failed'>
}

/** Runs every scenario of a configuration against every subject of it. */
export async function runSuite(config: Config, options: SuiteOptions = {}): Promise<SuiteOutcome> {
  const { seed = 1, version = 'unknown', startedMs = 0, pack = packOf(config.provider), signal } = options
  const beganMs = realNow()
  const subjects = subjectsOf(config)
  const chosen = subjects.map((subject) => ({ subject, scenarios: selected(config, pack, subject, options.grep) }))
  const total = chosen.reduce((sum, { scenarios }) => sum + scenarios.length, 0)
  const results: ScenarioResult[] = []
  const bundles: NamedBundle[] = []
  const notes: string[] = []
  let done = 0
  let failure: GoodfenceError<'subject_failed'> | undefined
  for (const { subject, scenarios } of chosen) {
    const time = subject.time === 'real' ? 'real' : 'virtual'
    if (time === 'real')
      notes.push(`${subject.name} ran in real time: scenarios that need minutes are left out, and nothing is shrunk.`)
    await using stage = await createStage({ pack, seed, time })
    for (const scenario of scenarios) requirePlan(scenario, stage)
    using session = await openSession({ globals: usesGlobals(subject) })
    let cannotStart: ScenarioResult | undefined
    for (const scenario of scenarios) {
      if (signal?.aborted) break
      if (time === 'real' && needsMinutes(scenario)) {
        done++
        continue
      }
      if (cannotStart !== undefined) {
        // What cannot be started once cannot be started for the others.
        const { name, promise } = scenario
        results.push({ ...cannotStart, name, promise })
        options.onResult?.({ ...cannotStart, name, promise }, ++done, total)
        continue
      }
      const { result, leftOut, broken, startFailure } = await check({
        stage,
        session,
        subject,
        scenario,
        onRun: options.onRun,
      })
      failure ??= startFailure
      if (startFailure !== undefined) cannotStart = result
      done++
      if (leftOut !== undefined) notes.push(leftOut)
      if (result === undefined) continue
      const made = broken === undefined ? undefined : makeBundle(result, broken, options)
      if (made !== undefined) bundles.push(made)
      const told = made?.result ?? result
      results.push(told)
      options.onResult?.(told, done, total)
    }
  }
  if (signal?.aborted) notes.push(`The run was ended after ${done} of ${total} scenarios.`)
  return {
    report: {
      tool: { name: 'goodfence', version },
      title: `${pack.title} scenarios against ${subjects.map(({ name }) => name).join(' and ')}`,
      seed,
      startedMs,
      durationMs: realNow() - beganMs,
      results,
      notes,
    },
    bundles,
    ...(failure === undefined ? {} : { startFailure: failure }),
  }
}

/** Whether a scenario waits for something that takes longer than anybody waits in real time. */
function needsMinutes({ plan, workload }: Scenario): boolean {
  const longMs = 20_000
  return (
    workload.some(({ atMs = 0 }) => atMs > longMs) ||
    plan.faults.some(({ fault }) => {
      if (fault.kind === 'drop' || fault.kind === 'tamper' || fault.kind === 'reorder') return true // until the provider's next attempt
      if (fault.kind === 'rate-limit') return typeof fault.retryAfter === 'number' && fault.retryAfter * 1000 > longMs
      const waits = fault as { readonly delayMs?: number; readonly afterMs?: number }
      return (waits.delayMs ?? 0) > longMs || (fault.kind === 'replay' && (waits.afterMs ?? 3_600_000) > longMs)
    })
  )
}

function selected(config: Config, pack: ProviderPack, subject: Subject, grep: string | undefined): readonly Scenario[] {
  const scenarios = config.scenarios ?? pack.scenarios
  if (grep === undefined) return scenarios
  const wanted = grep.toLowerCase()
  return scenarios.filter(({ name }) => `${name} ${subject.name}`.toLowerCase().includes(wanted))
}
