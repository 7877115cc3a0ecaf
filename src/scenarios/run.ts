import { type GoodfenceError, isGoodfenceError } from '../core/errors.ts'
import { type Entry } from '../core/journal.ts'
import { type FaultPlan, emptyPlan } from '../mocks/plan.ts'
import { attempt, succeedsInReality } from './attempt.ts'
import { type RunningSubject, type Scenario } from './define.ts'
import { type CallResult, type History, type Trouble } from './history.ts'
import { errorInWords } from './mask-secrets.ts'
import { checkObserved } from './observed.ts'
import { checkRunning } from './running.ts'
import { runWorkload } from './run-workload.ts'
import { askedWait, requestsOf } from './invariants/requests.ts'
import { type RunOptions, type Scene, openScene } from './scene.ts'
import { settling } from './settle.ts'
import { type Workload } from './workload.ts'

/** What a run is about: a scenario, or what has become of it while it was shrunk. */
export interface Case extends Pick<Scenario, 'healAfterMs' | 'workloadLimitMs'> {
  readonly plan: FaultPlan
  readonly workload: Workload
}

/**
 * Runs one case from a fresh provider and a fresh subject to what is left when everything has settled:
 * start, workload under the plan, heal, settle, observe, stop. Never rejects because of the subject: what
 * it does wrong is in the history.
 */
export async function runOnce(about: Case, options: RunOptions): Promise<History> {
  const { stage } = options
  const limits = stage.patience
  const begun = await begin(about, options)
  const { scene } = begun
  if ('trouble' in begun.started) return scene.history(begun.started)
  const running = begun.started.value
  if (about.workload.some((step) => step.do === 'refund') && running.operations.refund === undefined)
    return scene.history({ missing: 'refund' })

  let calls: readonly CallResult[]
  try {
    calls = await runWorkload(about, { running, scene, stage })
    await scene.clock.advanceEach(settledAndHealed(scene, options, running, about.healAfterMs ?? limits.healAfterMs))
  } catch (error) {
    if (isGoodfenceError(error, 'clock_exhausted')) return scene.history({ trouble: inCircles(error) })
    if (!(error instanceof BusyFailed)) throw error
    const message = `The subject threw in busy(): ${errorInWords(error.cause, scene.secrets)}`
    return scene.history({ trouble: { when: 'work', message, error: error.cause } })
  }

  const asked = { clock: scene.clock, limitMs: limits.subjectMs, secrets: scene.secrets }
  const observed = await attempt('observe', asked, async () => checkObserved(await running.observe()))
  const payments = stage.pack.payments(stage.mock, scene.isOrder)
  const stopped = await attempt('stop', asked, async () => running.stop?.())
  const leaks = running.stop === undefined || 'trouble' in stopped ? [] : scene.time.armed()
  const trouble = 'trouble' in observed ? observed.trouble : 'trouble' in stopped ? stopped.trouble : undefined
  return scene.history({
    calls,
    payments,
    leaks,
    ...('value' in observed ? { observed: observed.value } : {}),
    ...(trouble === undefined ? {} : { trouble }),
  })
}

/** Starts a fresh subject; once more when it had real work to do, such as loading modules, which it then has behind it. */
async function begin(about: Case, options: RunOptions) {
  const { stage, subject } = options
  for (let round = 1; ; round++) {
    const scene = openScene(about, options)
    let start: Promise<RunningSubject> | undefined
    const asked = { clock: scene.clock, limitMs: stage.patience.subjectMs, secrets: scene.secrets }
    const started = await attempt('start', asked, () => {
      start = (async () => checkRunning(await subject.start(scene.env)))()
      return start
    })
    if ('value' in started) scene.receiveWith(started.value)
    if ('value' in started || round > 1 || stage.time === 'real' || start === undefined) return { scene, started }
    if (!(await succeedsInReality(start.then((running) => running.stop?.())))) return { scene, started }
  }
}

/** Steps of time until neither the provider nor the subject has anything left to do: under the plan, then without it. */
function* settledAndHealed(
  { clock, time }: Scene,
  { stage }: RunOptions,
  running: RunningSubject,
  healAfterMs: number,
): Iterable<number> {
  const { mock, journal, patience } = stage
  const working = () => mock.outbox.pending > 0 || isBusy(running)
  const signs = {
    working,
    busy: () => working() || time.live() > 0 || stage.underWay > 0,
    seen: () => journal.entries().length,
    quietMs: patience.quietMs,
    askedMs: () => longestWait(journal.entries()),
  }
  yield* settling(clock, { ...signs, limitMs: healAfterMs })
  mock.setPlan(emptyPlan)
  yield* settling(clock, { ...signs, limitMs: patience.settleMs })
}

/** What busy() threw, told from what we might throw ourselves. */
class BusyFailed extends Error {}

function isBusy(running: RunningSubject): boolean {
  try {
    return running.busy?.() === true
  } catch (cause) {
    throw new BusyFailed('busy() threw.', { cause })
  }
}

function inCircles({ facts }: GoodfenceError<'clock_exhausted'>): Trouble {
  return {
    when: 'work',
    message: `The subject goes round in circles: ${facts.maxTimers} timers fired in a row and it was not done. Look for a loop without a pause, or with a very short one.`,
  }
}

function longestWait(entries: readonly Entry[]): number {
  return requestsOf({ entries }).reduce((longest, request) => Math.max(longest, askedWait(request) ?? 0), 0)
}
