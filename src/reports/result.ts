import { type Step } from './step.ts'

/**
 * What a scenario proved: `holds`, every invariant held; `broken`, one did not, and there is a
 * history to show for it; `unknown`, the run could not tell (the subject threw at start, hung, or
 * leaked), which is never counted as success.
 */
export type Verdict = 'holds' | 'broken' | 'unknown'

/** One promise that was not kept. */
export interface Violation {
  /** The invariant's name, such as `at-most-once`. */
  readonly invariant: string
  /** What had to hold, one sentence. */
  readonly promise: string
  /** What happened instead, one sentence with names and numbers. */
  readonly happened: string
}

/** One scenario, run against one subject. */
export interface ScenarioResult {
  /** Named after what must hold: `charges once when the reply is lost`. */
  readonly name: string
  /** What must hold, one sentence. */
  readonly promise: string
  readonly subject: string
  readonly provider: string
  readonly verdict: Verdict
  /** Empty when the verdict is `holds`. */
  readonly violations: readonly Violation[]
  /** Why the verdict is `unknown`, and what to do about it. */
  readonly reason?: string
  /** The smallest plan that still breaks it, one fault a line. Empty when no fault is needed. */
  readonly plan?: readonly string[]
  /** The smallest workload that still breaks it, one step a line. */
  readonly workload?: readonly string[]
  /** The smallest history found. */
  readonly history?: readonly Step[]
  /** The one command that replays it. */
  readonly replay?: string
  /** Path of the bundle that holds everything needed to replay it. */
  readonly bundle?: string
  readonly seed: number
  /** Real milliseconds. */
  readonly durationMs: number
  /** Milliseconds that passed on the scenario's own clock. */
  readonly elapsedMs: number
  /** Whether the clock was virtual, or the subject ran in real time behind a socket. */
  readonly time: 'virtual' | 'real'
  /** How many times the scenario ran, shrinking included. */
  readonly runs: number
  /** Where the scenario is written, for annotations. */
  readonly location?: { readonly file: string; readonly line?: number }
}

/** Everything one command found out; every report derives from it. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string }
  readonly title: string
  readonly seed: number
  /** Milliseconds since the Unix epoch. */
  readonly startedMs: number
  readonly durationMs: number
  readonly results: readonly ScenarioResult[]
  /** Sentences that the reader of any report must see, such as `Time was real.` */
  readonly notes?: readonly string[]
}

/** How many results there are of each verdict. */
export interface Tally {
  readonly total: number
  readonly holds: number
  readonly broken: number
  readonly unknown: number
}

/** Counts verdicts. */
export function tally(results: readonly Pick<ScenarioResult, 'verdict'>[]): Tally {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length
  return { total: results.length, holds: count('holds'), broken: count('broken'), unknown: count('unknown') }
}

/** How many scenarios, in words: `1 scenario`, `44 scenarios`. */
export function scenarioCount(count: number): string {
  return `${count} ${count === 1 ? 'scenario' : 'scenarios'}`
}

/** The one sentence that says why a result is not `holds`. */
export function headline(result: ScenarioResult): string {
  return result.violations[0]?.happened ?? result.reason ?? 'Nothing was observed that would allow a verdict.'
}

/** The subjects of a report, in order of appearance. */
export function subjectsOf(results: readonly ScenarioResult[]): readonly string[] {
  return [...new Set(results.map((result) => result.subject))]
}
