import { escapeMarkup, printable } from './escape.ts'
import { type Report, type ScenarioResult, headline, subjectsOf, tally } from './result.ts'
import { failureText } from './text.ts'

/**
 * The report as JUnit XML, one suite per subject. A broken scenario is a `failure`, and so is an unknown
 * one, with its reason: no verdict is no success.
 */
export function junitReport(report: Report): string {
  const { total, broken, unknown } = tally(report.results)
  const suites = subjectsOf(report.results).map((subject) =>
    suiteOf(
      subject,
      report.results.filter((result) => result.subject === subject),
      report,
    ),
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: report.title, tests: total, failures: broken + unknown, errors: 0, time: seconds(report.durationMs) })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteOf(subject: string, results: readonly ScenarioResult[], report: Report): string {
  const { total, broken, unknown } = tally(results)
  const time = seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0))
  const timestamp = new Date(report.startedMs).toISOString().slice(0, 19)
  return [
    `  <testsuite ${attributes({ name: subject, tests: total, failures: broken + unknown, errors: 0, skipped: 0, time, timestamp })}>`,
    `    <properties>`,
    `      <property ${attributes({ name: 'seed', value: report.seed })}/>`,
    `      <property ${attributes({ name: report.tool.name, value: report.tool.version })}/>`,
    `    </properties>`,
    ...results.map(caseOf),
    '  </testsuite>',
  ].join('\n')
}

function caseOf(result: ScenarioResult): string {
  const { name, subject, provider, durationMs, verdict, location } = result
  const place = location === undefined ? {} : { file: location.file, line: location.line ?? 1 }
  const open = attributes({ name, classname: `${provider}.${subject}`, time: seconds(durationMs), ...place })
  const properties = `<properties><property ${attributes({ name: 'seed', value: result.seed })}/><property ${attributes({ name: 'verdict', value: verdict })}/></properties>`
  if (verdict === 'holds') return `    <testcase ${open}>${properties}</testcase>`
  const type = verdict === 'unknown' ? 'unknown' : (result.violations[0]?.invariant ?? 'broken')
  const failure = `<failure ${attributes({ type, message: headline(result) })}>${cdata(failureText(result))}</failure>`
  return `    <testcase ${open}>${properties}${failure}</testcase>`
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeMarkup(String(value)).replace(/[\n\r\t]/g, ' ')}"`)
    .join(' ')
}

function cdata(text: string): string {
  return `<![CDATA[${printable(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
