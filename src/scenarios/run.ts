import { isGoodfenceError } from '../core/errors.ts'
import { seededRandom } from '../core/random.ts'
import { type Service } from '../core/service.ts'
import { emptyPlan } from '../mocks/plan.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type Observed, type RunningSubject, type Scenario, type Subject, type SubjectEnv } from './define.ts'
import { type Escaped, type History, type Trouble } from './history.ts'
import { type Session } from './session.ts'
import { realTimers } from './patched-timers.ts'
import { type RunClock } from './run-clock.ts'
import { settle } from './settle.ts'
import { type Stage } from './stage.ts'
import { type SubjectClock, subjectClock } from './subject-clock.ts'
import { runWorkload } from './run-workload.ts'
import { type Workload, ordersOf } from './workload.ts'

/** What a run is about: a scenario, or what has become of it while it was shrunk. */
export interface Case extends Pick<Scenario, 'healAfterMs' | 'workloadLimitMs'> {
  readonly plan: FaultPlan
  readonly workload: Workload
}

export interface RunOptions {
  readonly stage: Stage
  readonly session: Session
  readonly subject: Subject
  /** Remember where timers are armed. @default false */
  readonly trace?: boolean
}

/**
 * Runs one case from a fresh provider and a fresh subject to what is left when everything has settled:
 * start, workload under the plan, heal, settle, observe, stop. Never rejects because of the subject: what
 * it does wrong is in the history.
 */
export async function runOnce(scenario: Case, options: RunOptions, secondTry = false): Promise<History> {
  const { stage, session, subject, trace = false } = options
  const { pack, mock, journal, patience } = stage
  let running: RunningSubject | undefined
  const webhooks: Service = async (request, context) =>
    running === undefined ? new Response(null, { status: 503 }) : running.webhooks(request, context)
  const clock = stage.begin(scenario.plan, webhooks)
  const beganMs = clock.now()
  const escaped: Escaped[] = []
  const lines: string[] = []
  const egress = new Set<string>()
  const escape = (kind: Escaped['kind']) => (error: unknown) => void escaped.push({ kind, error, atMs: clock.now() })
  const time = subjectClock({ clock, onEscape: escape('exception in a timer'), trace })
  session.enter({
    clock: time,
    way: { hosts: pack.hosts, service: stage.fetch, onEgress: (url) => egress.add(url) },
    random: seededRandom(stage.seed, 'globals'),
    onEscape: escape('unhandled rejection'),
    onConsole: (line) => void lines.push(line),
  })

  const ids = new Set(ordersOf(scenario.workload).map(({ id }) => id))
  const isOrder = (text: string) => ids.has(text)
  const finish = (rest: Partial<History>): History => ({
    startMs: beganMs,
    endMs: clock.now(),
    workload: scenario.workload,
    entries: journal.entries(),
    calls: [],
    payments: pack.payments(mock, isOrder),
    escaped,
    leaks: [],
    console: lines,
    egress: [...egress],
    secrets: { 'API key': pack.apiKey, 'webhook secret': pack.webhookSecret },
    ...rest,
  })

  const begun: { start?: Promise<RunningSubject> } = {}
  const started = await attempt(
    'start',
    clock,
    patience.subjectMs,
    () => (begun.start = subject.start(envOf(options, time))),
  )
  if (
    'trouble' in started &&
    stage.time === 'virtual' &&
    !secondTry &&
    begun.start !== undefined &&
    (await settlesInReality(begun.start))
  ) {
    // It had real work to do, such as loading modules. Begun once more it has that behind it.
    return runOnce(scenario, options, true)
  }
  if ('trouble' in started) return finish({ trouble: started.trouble })
  running = started.value
  const subjectAtWork = started.value
  const missing =
    scenario.workload.some((step) => step.do === 'refund') && subjectAtWork.operations.refund === undefined
  if (missing) return finish({ missing: 'refund' })

  const calls = await runWorkload(scenario, {
    running: subjectAtWork,
    clock,
    mock,
    pack,
    journal,
    isOrder,
    limitMs: patience.workloadMs,
  })
  const busy = () => mock.outbox.pending > 0 || time.live > 0 || stage.underWay > 0 || subjectAtWork.busy?.() === true
  const working = () => mock.outbox.pending > 0 || subjectAtWork.busy?.() === true
  const seen = () => journal.entries().length
  const { quietMs } = patience
  await settle(clock, { busy, working, seen, quietMs, limitMs: scenario.healAfterMs ?? patience.healAfterMs })
  mock.setPlan(emptyPlan)
  await settle(clock, { busy, working, seen, quietMs, limitMs: patience.settleMs })

  const observed = await attempt('observe', clock, patience.subjectMs, () => subjectAtWork.observe())
  const payments = pack.payments(mock, isOrder)
  const stopped = await attempt('stop', clock, patience.subjectMs, async () => subjectAtWork.stop?.())
  const leaks = subjectAtWork.stop === undefined || 'trouble' in stopped ? [] : time.armed()
  const trouble = 'trouble' in observed ? observed.trouble : 'trouble' in stopped ? stopped.trouble : undefined
  return finish({
    calls,
    payments,
    leaks,
    ...('value' in observed ? { observed: observed.value satisfies Observed } : {}),
    ...(trouble === undefined ? {} : { trouble }),
  })
}

/** Whether a start that virtual time could not finish succeeds within a real second. */
async function settlesInReality(start: Promise<RunningSubject>): Promise<boolean> {
  const { setTimeout: real, clearTimeout: clear } = realTimers
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<boolean>((resolve) => (timer = real(resolve, 1_000, false)))
  const running = start.then(
    async (subject) => {
      await subject.stop?.()
      return true
    },
    () => false,
  )
  const settled = await Promise.race([running, patience])
  clear(timer)
  return settled
}

function envOf({ stage }: RunOptions, clock: SubjectClock): SubjectEnv {
  const { pack, journal, seed } = stage
  return {
    baseUrl: stage.baseUrl,
    fetch: stage.fetch,
    clock,
    random: seededRandom(seed, 'subject'),
    apiKey: pack.apiKey,
    webhookSecret: pack.webhookSecret,
    effect(effect, key, facts) {
      journal.record({ kind: 'effect', effect, key, ...(facts === undefined ? {} : { facts }) })
    },
  }
}

type Attempt<T> = { readonly value: T } | { readonly trouble: Trouble }

/** One thing that the subject must do for the run to make sense. */
async function attempt<T>(
  when: Trouble['when'],
  clock: RunClock,
  patienceMs: number,
  work: () => Promise<T>,
): Promise<Attempt<T>> {
  const verb = { start: 'starting', observe: 'being observed', stop: 'stopping', settle: 'settling' }[when]
  let cancel = () => {}
  const limit = new Promise<'late'>((resolve) => (cancel = clock.after(patienceMs, () => resolve('late'))))
  try {
    const result = await clock.run(async () => Promise.race([(async () => ({ value: await work() }))(), limit]))
    if (result !== 'late') return result
    return {
      trouble: {
        when,
        message: `The subject had not finished ${verb} after ${patienceMs / 1000} seconds of its own time.`,
      },
    }
  } catch (error) {
    if (isGoodfenceError(error, 'clock_stuck'))
      return {
        trouble: {
          when,
          message: `The subject never finished ${verb}: it waits for something that does not come.`,
          error,
        },
      }
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return {
      trouble: { when, message: `The subject threw while ${verb}: ${text}${/[.!?]$/.test(text) ? '' : '.'}`, error },
    }
  } finally {
    cancel()
  }
}
