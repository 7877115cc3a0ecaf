import { type Report, type ScenarioResult, headline, subjectsOf, tally } from './result.ts'
import { historyLines } from './step.ts'

/** A Common Test Report Format document (ctrf.io, schema 1.0.0), as far as it is used here. */
export interface CtrfDocument {
  readonly reportFormat: 'CTRF'
  readonly specVersion: string
  readonly timestamp: string
  readonly generatedBy: string
  readonly results: {
    readonly tool: { readonly name: string; readonly version: string }
    readonly summary: Readonly<Record<string, number>>
    readonly tests: readonly CtrfTest[]
    readonly extra: Readonly<Record<string, unknown>>
  }
}

interface CtrfTest {
  readonly name: string
  readonly status: 'passed' | 'failed'
  readonly rawStatus: string
  readonly duration: number
  readonly suite: readonly string[]
  readonly type: string
  readonly message?: string
  readonly trace?: string
  readonly filePath?: string
  readonly line?: number
  readonly extra: Readonly<Record<string, unknown>>
}

/**
 * The report as a CTRF document. An unknown verdict is `failed` with its reason in `message`; the verdict
 * itself is `rawStatus`, and seed, plan, history and replay command are in `extra`.
 */
export function ctrfReport(report: Report): CtrfDocument {
  const { total, holds, broken, unknown } = tally(report.results)
  const start = Math.round(report.startedMs)
  return {
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    timestamp: new Date(report.startedMs + report.durationMs).toISOString(),
    generatedBy: `${report.tool.name} ${report.tool.version}`,
    results: {
      tool: report.tool,
      summary: {
        tests: total,
        passed: holds,
        failed: broken + unknown,
        skipped: 0,
        pending: 0,
        other: 0,
        suites: subjectsOf(report.results).length,
        start,
        stop: start + Math.round(report.durationMs),
        duration: Math.round(report.durationMs),
      },
      tests: report.results.map(testOf),
      extra: { title: report.title, seed: report.seed, notes: report.notes ?? [] },
    },
  }
}

function testOf(result: ScenarioResult): CtrfTest {
  const { name, verdict, subject, provider, durationMs, location, history } = result
  return {
    name,
    status: verdict === 'holds' ? 'passed' : 'failed',
    rawStatus: verdict,
    duration: Math.round(durationMs),
    suite: [provider, subject],
    type: 'scenario',
    ...(verdict === 'holds' ? {} : { message: headline(result) }),
    ...(history === undefined ? {} : { trace: historyLines(history).join('\n') }),
    ...(location === undefined ? {} : { filePath: location.file }),
    ...(location?.line === undefined ? {} : { line: location.line }),
    extra: extraOf(result),
  }
}

function extraOf(result: ScenarioResult): Readonly<Record<string, unknown>> {
  const { promise, violations, reason, plan, workload, history, replay, bundle, seed, elapsedMs, time, runs } = result
  return { promise, seed, time, elapsedMs, runs, violations, reason, plan, workload, history, replay, bundle }
}
