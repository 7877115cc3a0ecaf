import { oneLine } from './escape.ts'
import { type Report, type ScenarioResult, type Verdict, scenarioCount, subjectsOf, tally } from './result.ts'
import { duration, historyLines } from './step.ts'

export interface TextOptions {
  /** Colours for a terminal. @default false */
  readonly colour?: boolean
  /** Tell what held as well. @default true */
  readonly listHolding?: boolean
}

/** The report for a terminal: one line per scenario, then each failure in full, then the sum. */
export function textReport(report: Report, options: TextOptions = {}): string {
  const { colour = false, listHolding = true } = options
  const paint = painter(colour)
  const lines: string[] = []
  for (const subject of subjectsOf(report.results)) {
    lines.push(paint('strong', oneLine(subject)))
    for (const result of report.results) {
      if (result.subject === subject && (listHolding || result.verdict !== 'holds')) lines.push(lineOf(result, paint))
    }
    lines.push('')
  }
  for (const [result, ...more] of failuresOf(report)) {
    lines.push(...failureLines(result, paint))
    if (more.length > 0) lines.push(`    ${paint('faint', `and ${more.length} more for the same reason`)}`)
    lines.push('')
  }
  for (const note of report.notes ?? []) lines.push(oneLine(note))
  lines.push(sumOf(report))
  return `${lines.join('\n')}\n`
}

/** What did not hold; what is unknown for one and the same reason stands together. */
function failuresOf({ results }: Report): readonly (readonly [ScenarioResult, ...ScenarioResult[]])[] {
  const groups: [ScenarioResult, ...ScenarioResult[]][] = []
  for (const result of results) {
    if (result.verdict === 'holds') continue
    const same = groups.find(
      ([{ verdict, subject, reason }]) =>
        verdict === 'unknown' && result.verdict === verdict && result.subject === subject && result.reason === reason,
    )
    if (same === undefined) groups.push([result])
    else same.push(result)
  }
  return groups
}

/** One failure in full: what was promised, what happened, the smallest plan and history, and how to replay it. */
export function failureText(result: ScenarioResult, options: Pick<TextOptions, 'colour'> = {}): string {
  return `${failureLines(result, painter(options.colour ?? false)).join('\n')}\n`
}

function failureLines(result: ScenarioResult, paint: Paint): string[] {
  const lines = [
    `${marks[result.verdict]} ${paint(result.verdict, oneLine(result.name))} ${paint('faint', `(${oneLine(result.subject)})`)}`,
  ]
  const field = (name: string, values: readonly string[]) => {
    for (const [index, value] of values.entries()) {
      lines.push(`    ${paint('faint', (index === 0 ? name : '').padEnd(9))}  ${oneLine(value)}`)
    }
  }
  field('promised', [result.promise])
  field('happened', happenedIn(result))
  field('plan', result.plan?.length === 0 ? ['no fault is needed'] : (result.plan ?? []))
  field('workload', result.workload ?? [])
  field('history', historyLines(result.history ?? []))
  field('replay', result.replay === undefined ? [] : [result.replay])
  return lines
}

function happenedIn(result: ScenarioResult): readonly string[] {
  const told = result.violations.map(({ happened }) => happened)
  return result.reason === undefined ? told : [...told, result.reason]
}

function lineOf(result: ScenarioResult, paint: Paint): string {
  const mark = paint(result.verdict, `${marks[result.verdict]} ${result.verdict.padEnd(7)}`)
  return `  ${mark}  ${oneLine(result.name)}`
}

function sumOf(report: Report): string {
  const { total, holds, broken, unknown } = tally(report.results)
  if (total === 0) return `Nothing ran. Seed ${report.seed}.`
  return `${scenarioCount(total)}: ${holds} hold, ${broken} broken, ${unknown} unknown. Seed ${report.seed}, ${duration(report.durationMs)}.`
}

/** Verdicts are told apart by shape as well as by colour. */
const marks: Record<Verdict, string> = { holds: '✓', broken: '✗', unknown: '?' }

type Style = Verdict | 'strong' | 'faint'
type Paint = (style: Style, text: string) => string
const codes: Record<Style, string> = { holds: '32', broken: '31', unknown: '33', strong: '1', faint: '2' }

function painter(colour: boolean): Paint {
  return colour ? (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m` : (_, text) => text
}
