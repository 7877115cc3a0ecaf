import { type Entry } from '../core/journal.ts'
import { type Observed } from './define.ts'
import { type WorkloadStep, type Workload } from './workload.ts'

/** How one step of the workload ended. */
export interface CallResult {
  /** Index in the workload. */
  readonly index: number
  readonly step: WorkloadStep
  /** Milliseconds since the scenario began. */
  readonly startedMs: number
  /** Absent when it never ended. */
  readonly endedMs?: number
  /** Absent when it returned, or never ended. */
  readonly error?: unknown
}

/** What the provider knows about one payment: the truth that the shop's belief is held against. */
export interface Payment {
  readonly id: string
  /** The order it was made for, from its metadata; absent when the integration left it out. */
  readonly order?: string
  readonly status: 'succeeded' | 'pending' | 'failed'
  readonly amount: number
  readonly currency: string
  /** How much of it went back. */
  readonly refunded: number
}

/** Something that the integration let escape: in production the process ends here. */
export interface Escaped {
  readonly kind: 'unhandled rejection' | 'uncaught exception' | 'exception in a timer' | 'exit'
  readonly error: unknown
  readonly atMs: number
}

/** A request that would have left the scenario. */
export interface Egress {
  readonly origin: string
  readonly through: 'fetch' | 'node:http'
}

/** Everything that one run left behind. Invariants are pure functions over it. */
export interface History {
  /** Milliseconds since the Unix epoch at which the run began. */
  readonly startMs: number
  readonly endMs: number
  readonly workload: Workload
  readonly entries: readonly Entry[]
  readonly calls: readonly CallResult[]
  /** The provider's truth. */
  readonly payments: readonly Payment[]
  /** The shop's belief; absent when it could not be asked. */
  readonly observed?: Observed
  readonly escaped: readonly Escaped[]
  /** Timers of the integration that were still armed after it had been stopped: where each was made, where known. */
  readonly leaks: readonly string[]
  /** What the integration wrote to the console. */
  readonly console: readonly string[]
  /** What it tried to reach past the way to the provider. */
  readonly egress: readonly Egress[]
  /** What must not show anywhere. */
  readonly secrets: Readonly<Record<string, string>>
  /** Why nothing can be said, when that is so: the subject could not be started, observed or stopped, or went round in circles. */
  readonly trouble?: Trouble
  /** An operation that the workload needs and the subject does not have. */
  readonly missing?: string
}

/** What kept a run from its end. */
export interface Trouble {
  readonly when: 'start' | 'work' | 'observe' | 'stop'
  readonly message: string
  readonly error?: unknown
}

/** Entries of one kind, typed. */
export function entriesOf<Kind extends Entry['kind']>(
  history: Pick<History, 'entries'>,
  kind: Kind,
): readonly Extract<Entry, { kind: Kind }>[] {
  return history.entries.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind)
}

/** The payments that took the money for an order. */
export function succeeded(history: History, orderId: string): readonly Payment[] {
  return history.payments.filter((payment) => payment.order === orderId && payment.status === 'succeeded')
}
