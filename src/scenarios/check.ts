import { GoodfenceError } from '../core/errors.ts'
import { type Entry, journalText } from '../core/journal.ts'
import { type ScenarioResult, type Violation } from '../reports/result.ts'
import { type Scenario, type Subject } from './define.ts'
import { describeHistory, describePlan } from './describe.ts'
import { type History } from './history.ts'
import { type Judgement, judge } from './judge.ts'
import { type Case, runOnce } from './run.ts'
import { maskedError, maskSecrets } from './mask-secrets.ts'
import { realNow } from './install-clock.ts'
import { type Session } from './session.ts'
import { shrink } from './shrink.ts'
import { type Stage } from './stage.ts'
import { describeStep } from './workload.ts'

export interface CheckOptions {
  readonly stage: Stage
  readonly session: Session
  readonly subject: Subject
  readonly scenario: Scenario
  /** Whether the values of faults were drawn at random, so that plainer ones tell more. @default false */
  readonly drawn?: boolean
  /** Hears of each run as it begins. */
  readonly onRun?: OnRun | undefined
}

/** Hears of a run before it begins, such as a watchdog. */
export type OnRun = (run: { readonly subject: string; readonly scenario: string }) => void

/** What came of one scenario: the result for reports and, where it is broken, what a bundle needs. */
export interface Checked {
  /** Absent when the subject cannot do what the workload asks for. */
  readonly result?: ScenarioResult
  /** The subject could not be started; the verdict is `unknown`. */
  readonly startFailure?: GoodfenceError<'subject_failed'>
  /** Why there is no result. */
  readonly leftOut?: string
  /** The smallest case that breaks it, and its history. */
  readonly broken?: { readonly smallest: Case; readonly history: History; readonly violations: readonly Violation[] }
}

/**
 * Runs a scenario and judges it. A broken one is shrunk and then run twice more: only what breaks every
 * time, and the same way to the byte, is told as broken.
 */
export async function check(options: CheckOptions): Promise<Checked> {
  const { scenario, subject, stage } = options
  const beganMs = realNow()
  let runs = 0
  const run = async (candidate: Case, trace = false) => {
    runs++
    options.onRun?.({ subject: subject.name, scenario: scenario.name })
    const history = await runOnce(candidate, { ...options, trace })
    return { history, judgement: judge(history, scenario.invariants) }
  }
  const first = await run(scenario)
  if (first.history.missing !== undefined) {
    return { leftOut: `"${scenario.name}" is left out: ${subject.name} has no operation "${first.history.missing}".` }
  }
  const facts = () => ({
    name: scenario.name,
    promise: scenario.promise,
    subject: subject.name,
    provider: scenario.provider,
    seed: stage.seed,
    time: stage.time,
    runs,
    durationMs: realNow() - beganMs,
    ...(scenario.location === undefined ? {} : { location: scenario.location }),
  })
  if (first.judgement.verdict !== 'broken') {
    const { verdict, reason } = first.judgement
    const elapsedMs = first.history.endMs - first.history.startMs
    const result = { ...facts(), elapsedMs, verdict, violations: [], ...(reason === undefined ? {} : { reason }) }
    const { trouble } = first.history
    if (trouble?.when !== 'start') return { result }
    const message = `${subject.name} could not be started. ${trouble.message}`
    const startFailure = new GoodfenceError(
      'subject_failed',
      message,
      { scenario: scenario.name },
      { cause: maskedError(trouble.error, first.history.secrets) },
    )
    return { result, startFailure }
  }

  const invariant = first.judgement.violations[0]?.invariant
  const stillBroken = async (candidate: Case) => {
    const { judgement } = await run(candidate)
    return judgement.violations.some((violation) => violation.invariant === invariant)
  }
  // In real time a run takes seconds and no two are alike: what broke is told as it is, when it breaks twice.
  const isReal = stage.time === 'real'
  // What is drawn by chance may look steady once it is small; so it is asked before as well.
  const unsteadyAtFirst = isReal ? undefined : differs(first, await run(scenario))
  const smallest =
    isReal || unsteadyAtFirst !== undefined
      ? caseOf(scenario)
      : await shrink(caseOf(scenario), { stillBroken, values: options.drawn ?? false })
  const once = isReal ? first : await run(smallest, true)
  const again = await run(smallest, true)
  const elapsedMs = again.history.endMs - again.history.startMs
  const unsteady = unsteadyAtFirst ?? (isReal ? undefined : differs(once, again)) ?? flickers(again, invariant)
  if (unsteady !== undefined) {
    const reason = `${first.judgement.violations[0]?.happened ?? ''} But the same run came out differently the second time, so nothing is certain: ${unsteady} Give the integration env.clock and env.random wherever it reads the time or draws at random.`
    return { result: { ...facts(), elapsedMs, verdict: 'unknown', violations: [], reason } }
  }
  const { violations, shown } = again.judgement
  const result: ScenarioResult = {
    ...facts(),
    elapsedMs,
    verdict: 'broken',
    violations,
    plan: describePlan(smallest.plan),
    workload: smallest.workload.map(describeStep),
    history: describeHistory(again.history, shown),
  }
  return { result, broken: { smallest, history: again.history, violations } }
}

function caseOf({ plan, workload, healAfterMs, workloadLimitMs }: Scenario): Case {
  return {
    plan,
    workload,
    ...(healAfterMs === undefined ? {} : { healAfterMs }),
    ...(workloadLimitMs === undefined ? {} : { workloadLimitMs }),
  }
}

interface Ran {
  readonly history: History
  readonly judgement: Judgement
}

/** The same promise has to break again; in real time no more can be asked. */
function flickers({ judgement }: Ran, invariant: string | undefined): string | undefined {
  if (judgement.violations.some((violation) => violation.invariant === invariant)) return undefined
  return 'the last time that promise held.'
}

/** What has to be the same: not the headers nor the words of errors, since keys may be drawn from the system's own chance. */
function comparable(entry: Entry): string {
  if (entry.kind === 'request' || entry.kind === 'answer') return journalText([{ ...entry, headers: {} }])
  return journalText([entry.kind === 'step' ? { ...entry, message: '' } : entry])
}

/** The first thing in which two runs of the same case differ, in words. */
function differs(one: Ran, two: Ran): string | undefined {
  const [a, b] = [one.history.entries, two.history.entries]
  const at = a.findIndex((entry, index) => {
    const other = b[index]
    return other === undefined || comparable(entry) !== comparable(other)
  })
  if (at < 0 && a.length === b.length) return undefined
  const index = at < 0 ? a.length : at
  const shown = (entry: unknown) =>
    entry === undefined ? 'nothing more' : maskSecrets(JSON.stringify(entry), one.history.secrets)
  return `first ${shown(a[index])}, then ${shown(b[index])}.`
}
