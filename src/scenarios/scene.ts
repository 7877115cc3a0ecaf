import { seededRandom } from '../core/random.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type RunningSubject, type Subject, type SubjectEnv } from './define.ts'
import { type Egress, type Escaped, type History } from './history.ts'
import { type RunClock } from './run-clock.ts'
import { type Session } from './session.ts'
import { type Stage } from './stage.ts'
import { type SubjectClock, subjectClock } from './subject-clock.ts'
import { type Workload, ordersOf } from './workload.ts'

export interface RunOptions {
  readonly stage: Stage
  readonly session: Session
  readonly subject: Subject
  /** Remember where timers are armed. @default false */
  readonly trace?: boolean
}

/** One run's own world: its time, what is lent to the subject, and what is written down about it. */
export interface Scene {
  readonly clock: RunClock
  /** The subject's part of the time. */
  readonly time: SubjectClock
  readonly env: SubjectEnv
  readonly secrets: History['secrets']
  readonly isOrder: (text: string) => boolean
  /** From now on this subject takes the provider's deliveries. */
  receiveWith(running: RunningSubject): void
  /** What has been written down, with what the caller adds. */
  history(rest: Partial<History>): History
}

/** Sets the provider back and hands the process to a new run. */
export function openScene(about: { plan: FaultPlan; workload: Workload }, options: RunOptions): Scene {
  const { stage, session, trace = false } = options
  const { pack, mock, journal, seed } = stage
  let running: RunningSubject | undefined
  const clock = stage.begin(about.plan, async (request, context) =>
    running === undefined ? new Response(null, { status: 503 }) : running.webhooks(request, context),
  )
  const beganMs = clock.now()
  const escaped: Escaped[] = []
  const lines: string[] = []
  const egress: Egress[] = []
  const onEscape = (kind: Escaped['kind'], error: unknown) => void escaped.push({ kind, error, atMs: clock.now() })
  const time = subjectClock({ clock, onEscape: (error) => onEscape('exception in a timer', error), trace })
  session.enter({
    clock: time,
    way: { hosts: pack.hosts, service: stage.fetch, onEgress: (request) => egress.push(request) },
    random: seededRandom(seed, 'globals'),
    onEscape,
    onConsole: (line) => void lines.push(line),
  })
  const secrets = { 'API key': pack.apiKey, 'webhook secret': pack.webhookSecret }
  const ids = new Set(ordersOf(about.workload).map(({ id }) => id))
  const isOrder = (text: string) => ids.has(text)
  return {
    clock,
    time,
    secrets,
    isOrder,
    env: {
      baseUrl: stage.baseUrl,
      fetch: stage.fetch,
      clock: time,
      random: seededRandom(seed, 'subject'),
      apiKey: pack.apiKey,
      webhookSecret: pack.webhookSecret,
      effect(effect, key, facts) {
        journal.record({ kind: 'effect', effect, key, ...(facts === undefined ? {} : { facts }) })
      },
    },
    receiveWith(subject) {
      running = subject
    },
    history: (rest) => ({
      startMs: beganMs,
      endMs: clock.now(),
      workload: about.workload,
      entries: journal.entries(),
      calls: [],
      payments: pack.payments(mock, isOrder),
      escaped,
      leaks: [],
      console: lines,
      egress,
      secrets,
      ...rest,
    }),
  }
}
