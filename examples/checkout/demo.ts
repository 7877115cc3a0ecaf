/**
 * Runs every built-in Stripe scenario against both shops and compares them. Ends with 0 exactly when the
 * careful shop holds everything and the careless one breaks at least eight scenarios.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { headline, htmlReport, type ScenarioResult, tally } from 'goodfence/reports'
import { bundleText, runSuite } from 'goodfence/scenarios'
import config from './goodfence.config.ts'

const folder = '.goodfence/demo'
const startedMs = Date.now()

const { report, bundles } = await runSuite(config, {
  startedMs,
  out: folder,
  configPath: '../../examples/checkout/goodfence.config.ts',
  replayCommand: 'npm run -s goodfence -- replay',
  onResult: ({ subject, name }, done, total) => progress(`${done}/${total} ${subject}: ${name}`),
})
progress('')

mkdirSync(folder, { recursive: true })
for (const { name, bundle } of bundles) writeFileSync(join(folder, name), bundleText(bundle))
writeFileSync(join(folder, 'report.html'), htmlReport(report))

const of = (subject: string) => report.results.filter((result) => result.subject === subject)
const rows = of('careful').map((held) => [held, of('careless').find(({ name }) => name === held.name)] as const)
const width = Math.max(...rows.map(([{ name }]) => name.length))
const marks = { holds: '✓ holds', broken: '✗ BROKEN', unknown: '? unknown' }
const line = (name: string, left: string, right: string) =>
  console.log(`${name.padEnd(width)}  ${left.padEnd(9)}  ${right}`.trimEnd())

line('Scenario', 'careful', 'careless')
line('─'.repeat(width), '─'.repeat(9), '─'.repeat(9))
for (const [held, other] of rows) line(held.name, marks[held.verdict], other === undefined ? '' : marks[other.verdict])

const first = of('careless').find(({ verdict }) => verdict === 'broken')
const [good, bad] = [tally(of('careful')), tally(of('careless'))]
console.log(`
careful:  ${good.holds} of ${good.total} hold
careless: ${bad.broken} of ${bad.total} are broken${
  first === undefined
    ? ''
    : `, for example "${first.name}":
          ${headline(first)}
          replay it: ${first.replay}`
}

${report.results.length} scenarios in ${((Date.now() - startedMs) / 1_000).toFixed(1)} s. The histories, drawn: ${join(folder, 'report.html')}`)

process.exitCode = proves(of('careful'), of('careless')) ? 0 : 1

/** Whether the difference between the shops shows. */
function proves(carefulResults: readonly ScenarioResult[], carelessResults: readonly ScenarioResult[]): boolean {
  const { total, holds } = tally(carefulResults)
  return total > 0 && holds === total && tally(carelessResults).broken >= 8
}

/** One line on a terminal, written over and over; nothing elsewhere. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`)
}
