import { GoodfenceError } from '../core/errors.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { type ScenarioResult } from '../reports/result.ts'
import { type Bundle } from './bundle.ts'
import { type OnRun } from './check.ts'
import { type Config, subjectsOf, usesGlobals } from './define.ts'
import { describeHistory, describePlan } from './describe.ts'
import { judge } from './judge.ts'
import { packOf } from './packs.ts'
import { realNow } from './install-clock.ts'
import { type ProviderPack } from './provider-pack.ts'
import { runOnce } from './run.ts'
import { openSession } from './session.ts'
import { createStage } from './stage.ts'
import { describeStep } from './workload.ts'

export interface ReplayOptions {
  /** @default the built-in one of the bundle's provider */
  readonly pack?: ProviderPack | undefined
  /** Hears of each run as it begins. */
  readonly onRun?: OnRun | undefined
}

/** What became of a bundle: its result now, and whether it broke again as it did when the bundle was written. */
export interface Replayed {
  readonly result: ScenarioResult
  readonly reproduced: boolean
}

/** Runs a bundle's case again, against the subject of that name in the configuration. */
export async function replay(bundle: Bundle, config: Config, options: ReplayOptions = {}): Promise<Replayed> {
  const { pack = packOf(bundle.provider) } = options
  const subject = named(subjectsOf(config), bundle.subject, 'subject')
  const scenarios = [...(config.scenarios ?? pack.scenarios), pack.exploring.scenario]
  const scenario = named(scenarios, bundle.scenario, 'scenario')
  const beganMs = realNow()
  await using stage = await createStage({ pack, seed: bundle.seed, time: subject.time === 'real' ? 'real' : 'virtual' })
  using session = await openSession({ globals: usesGlobals(subject) })
  const { plan, workload } = bundle
  options.onRun?.({ subject: subject.name, scenario: scenario.name })
  const history = await runOnce({ ...scenario, plan, workload }, { stage, session, subject, trace: true })
  const { verdict, violations, shown, reason } = judge(history, scenario.invariants)
  const before = new Set(bundle.violations.map(({ invariant }) => invariant))
  return {
    reproduced: violations.some(({ invariant }) => before.has(invariant)),
    result: {
      name: scenario.name,
      promise: scenario.promise,
      subject: subject.name,
      provider: scenario.provider,
      verdict,
      violations,
      ...(reason === undefined ? {} : { reason }),
      plan: describePlan(plan),
      workload: workload.map(describeStep),
      history: describeHistory(history, shown),
      seed: bundle.seed,
      durationMs: realNow() - beganMs,
      elapsedMs: history.endMs - history.startMs,
      time: stage.time,
      runs: 1,
    },
  }
}

function named<T extends { readonly name: string }>(things: readonly T[], name: string, kind: string): T {
  const found = things.find((thing) => thing.name === name)
  if (found !== undefined) return found
  const names = things.map((thing) => thing.name)
  throw new GoodfenceError(
    'config_invalid',
    `The bundle is about the ${kind} "${name}", which this configuration does not have.${didYouMean(name, names)} Replay it with the configuration that it came from.`,
    { path: name },
  )
}
