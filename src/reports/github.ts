import { oneLine, printable } from './escape.ts'
import { type Report, type ScenarioResult, headline, scenarioCount, tally } from './result.ts'
import { duration, historyLines } from './step.ts'

/** GitHub shows ten annotations of a kind per step; the last one says how many more there are. */
const maxAnnotations = 9

/**
 * Workflow commands that annotate the change with its failures. GitHub reads them from standard output.
 */
export function githubAnnotations(report: Report): string {
  const failed = report.results.filter(({ verdict }) => verdict !== 'holds')
  const lines = failed.slice(0, maxAnnotations).map(annotationOf)
  const more = failed.length - lines.length
  if (more > 0) lines.push(`::error title=goodfence::${more} more broken or unknown; see the job summary.`)
  return lines.map((line) => `${line}\n`).join('')
}

function annotationOf(result: ScenarioResult): string {
  const place =
    result.location === undefined ? '' : `file=${property(result.location.file)},line=${result.location.line ?? 1},`
  const replay = result.replay === undefined ? '' : `\nReplay: ${result.replay}`
  return `::error ${place}title=${property(`${result.verdict}: ${result.name}`)}::${message(`${headline(result)}${replay}`)}`
}

function message(text: string): string {
  return printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return message(oneLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

export interface SummaryOptions {
  /** GitHub refuses a step's summary above 1 MiB. @default 900,000 */
  readonly maxBytes?: number
}

/** The Markdown for `GITHUB_STEP_SUMMARY`: the sum, then failures in full as long as there is room. */
export function githubSummary(report: Report, options: SummaryOptions = {}): string {
  const { maxBytes = 900_000 } = options
  const { total, holds, broken, unknown } = tally(report.results)
  const head = [
    `## ${inline(report.title)}`,
    '',
    `${scenarioCount(total)}: **${holds} hold**, **${broken} broken**, **${unknown} unknown**. Seed ${report.seed}, ${duration(report.durationMs)}.`,
    ...(report.notes ?? []).flatMap((note) => ['', inline(note)]),
    '',
  ].join('\n')
  let text = head
  let bytes = Buffer.byteLength(text)
  const failed = report.results.filter(({ verdict }) => verdict !== 'holds')
  for (const [index, result] of failed.entries()) {
    const section = sectionOf(result)
    bytes += Buffer.byteLength(section)
    if (bytes > maxBytes - 100)
      return `${text}\n...and ${failed.length - index} more; the other reports have them all.\n`
    text += section
  }
  return text
}

function sectionOf(result: ScenarioResult): string {
  const plan = result.plan?.length === 0 ? ['no fault is needed'] : (result.plan ?? [])
  const block = [
    ...plan.map((line) => `plan     ${oneLine(line)}`),
    ...(result.workload ?? []).map((line) => `workload ${oneLine(line)}`),
    '',
    ...historyLines(result.history ?? []).map(oneLine),
    ...(result.replay === undefined ? [] : ['', oneLine(result.replay)]),
  ].join('\n')
  return [
    `\n<details><summary>${result.verdict === 'broken' ? '✗' : '?'} ${inline(result.name)} (${inline(result.subject)})</summary>`,
    '',
    `**Promised:** ${inline(result.promise)}`,
    '',
    `**Happened:** ${inline(headline(result))}`,
    '',
    fenced(block),
    '',
    '</details>',
    '',
  ].join('\n')
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

function inline(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]()#+!|<>&~@]/g, (char) => `&#${char.codePointAt(0)};`)
}
