import { escapeMarkup as e, oneLine } from './escape.ts'
import { style } from './html-style.ts'
import { type Report, type ScenarioResult, type Verdict, headline, subjectsOf, tally } from './result.ts'
import { sequenceDiagram } from './sequence-diagram.ts'
import { type Party, type Step, duration } from './step.ts'

const marks: Record<Verdict, string> = { holds: '✓', broken: '✗', unknown: '?' }
const words: Record<Verdict, string> = { holds: 'holds', broken: 'broken', unknown: 'unknown' }
/** A history longer than this is cut in its middle: nobody reads it as a picture. */
const maxSteps = 80

/**
 * The report as one HTML page that needs nothing else: no script, no font, no picture is loaded, and it
 * opens from disk. The history of each failure is drawn as a sequence diagram.
 */
export function htmlReport(report: Report): string {
  const failed = report.results.filter(({ verdict }) => verdict !== 'holds')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${e(oneLine(report.title))}</title>
<style>${style}</style>
</head>
<body>
<header>
${brand(report)}
<h1>${e(oneLine(report.title))}</h1>
<p class="meta">${e(metaOf(report))}</p>
${(report.notes ?? []).map((note) => `<p class="note">${e(note)}</p>`).join('\n')}
${tiles(report)}
</header>
<main>
${matrix(report, failed)}
${failed.length === 0 ? '' : `<h2>What did not hold</h2>\n${failed.map((result, index) => failure(result, index, failed.length)).join('\n')}`}
${held(report)}
</main>
<footer>Made by ${e(report.tool.name)} ${e(report.tool.version)}. The same seed gives the same histories.</footer>
</body>
</html>
`
}

function metaOf(report: Report): string {
  const day = new Date(report.startedMs).toISOString().replace('T', ' ').slice(0, 16)
  const runs = report.results.reduce((sum, result) => sum + result.runs, 0)
  return `${day} UTC · ${duration(report.durationMs)} · ${runs.toLocaleString('en')} runs · seed ${report.seed}`
}

function brand(report: Report): string {
  const pickets = [3, 10, 17].map((x) => `M${x} 20V7l2.25-3L${x + 4.5} 7v13z`).join('')
  return `<div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true" fill="currentColor"><path d="${pickets}M0 10h24v2H0zM0 15h24v2H0z"/></svg>${e(report.tool.name)}</div>`
}

function tiles(report: Report): string {
  const counts = tally(report.results)
  const kinds: readonly Verdict[] = ['holds', 'broken', 'unknown']
  const tile = (kind: Verdict) =>
    `<li class="${counts[kind] === 0 ? 'none' : kind}"><b>${counts[kind]}</b> ${kind === 'holds' ? 'hold' : words[kind]}</li>`
  const bar = kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `<span class="${kind}" style="flex:${counts[kind]}"></span>`)
  return `<ul class="tiles">${kinds.map(tile).join('')}</ul>\n<div class="bar" aria-hidden="true">${bar.join('')}</div>`
}

/** Every scenario against every subject; what did not hold leads to its history. */
function matrix(report: Report, failed: readonly ScenarioResult[]): string {
  if (report.results.length === 0) return '<h2>Scenarios</h2>\n<p class="card empty">Nothing ran.</p>'
  const subjects = subjectsOf(report.results)
  const names = [...new Set(report.results.map(({ name }) => name))]
  const row = (name: string) => {
    const cells = subjects.map((subject) => {
      const result = report.results.find((candidate) => candidate.name === name && candidate.subject === subject)
      return `<td>${result === undefined ? '–' : pill(result, failed.indexOf(result))}</td>`
    })
    return `<tr><th scope="row">${e(oneLine(name))}</th>${cells.join('')}</tr>`
  }
  const heads = subjects.map((subject) => `<th scope="col">${e(oneLine(subject))}</th>`).join('')
  return `<h2>Scenarios</h2>
<div class="card scroll"><table class="matrix"><thead><tr><th scope="col">What must hold</th>${heads}</tr></thead>
<tbody>${names.map(row).join('\n')}</tbody></table></div>`
}

function pill(result: ScenarioResult, failure = -1): string {
  const inner = `<b aria-hidden="true">${marks[result.verdict]}</b><span>${words[result.verdict]}</span>`
  return failure < 0
    ? `<span class="pill ${result.verdict}">${inner}</span>`
    : `<a class="pill ${result.verdict}" href="#failure-${failure + 1}">${inner}</a>`
}

/** The anchor is inside, since following a link into closed details opens them without a script. */
function failure(result: ScenarioResult, index: number, total: number): string {
  const open = index === 0 || total <= 3 ? ' open' : ''
  return `<details class="card failure of-${result.verdict}"${open}>
<summary>${pill(result)}<h3>${e(oneLine(result.name))} <span class="subject">· ${e(oneLine(result.subject))}</span></h3><span class="teaser">${e(oneLine(headline(result)))}</span></summary>
<div class="body" id="failure-${index + 1}">
<dl>
<dt>Promised</dt><dd>${e(result.promise)}</dd>
<dt>Happened</dt><dd class="happened">${paragraphs(happenedIn(result))}</dd>
${planOf(result)}
${result.replay === undefined ? '' : `<dt>Replay</dt><dd><code class="replay">${e(oneLine(result.replay))}</code></dd>`}
</dl>
${result.history === undefined || result.history.length === 0 ? '' : historyOf(result, shortened(result.history), index)}
</div>
</details>`
}

function happenedIn(result: ScenarioResult): readonly string[] {
  const told = result.violations.map(({ happened }) => happened)
  return result.reason === undefined ? told : [...told, result.reason]
}

function planOf({ plan, workload }: ScenarioResult): string {
  const faults =
    plan === undefined
      ? ''
      : `<dt>Smallest plan</dt><dd>${paragraphs(plan.length === 0 ? ['No fault is needed.'] : plan)}</dd>`
  const steps = workload === undefined ? '' : `<dt>Workload</dt><dd>${paragraphs(workload)}</dd>`
  return `${faults}\n${steps}`
}

function paragraphs(lines: readonly string[]): string {
  return lines.map((line) => `<p>${e(line)}</p>`).join('')
}

/** The diagram twice, for wide and for narrow screens (one is displayed), and once as a table. */
function historyOf(result: ScenarioResult, steps: readonly Step[], index: number): string {
  const title = `Smallest history of: ${result.name}`
  const names: Partial<Record<Party, string>> = { provider: result.provider }
  const draw = (kind: 'wide' | 'narrow', width: number) =>
    sequenceDiagram(steps, { id: `history-${index + 1}-${kind}`, title, width, names }).replace(
      'class="diagram"',
      `class="diagram ${kind}"`,
    )
  return `<figure>
${draw('wide', 760)}
${draw('narrow', 380)}
</figure>
<details class="words"><summary>The same history as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="History as a table">
<table class="steps"><caption>${e(oneLine(title))}</caption><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th></tr></thead>
<tbody>${steps.map((step) => stepRow(step, names)).join('\n')}</tbody></table></div></details>`
}

function stepRow(step: Step, names: Partial<Record<Party, string>>): string {
  const name = (party: Party) => oneLine(names[party] ?? party)
  const who = step.to === undefined ? name(step.from) : `${name(step.from)} → ${name(step.to)}`
  const marks = [
    step.forged ? ' (forged)' : '',
    step.lost ? ' (never arrives)' : '',
    step.wrong ? ' (breaks the promise)' : '',
  ]
  return `<tr${step.wrong ? ' class="wrong"' : ''}><td class="when">${duration(step.atMs)}</td><td class="who">${e(who)}</td><td>${e(oneLine(step.text) + marks.join(''))}</td></tr>`
}

function shortened(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= maxSteps) return steps
  const half = maxSteps / 2
  const left = steps.length - maxSteps
  const at = steps[half] as Step
  return [
    ...steps.slice(0, half),
    { atMs: at.atMs, from: 'shop', text: `${left} more steps are left out here` },
    ...steps.slice(-half),
  ]
}

function held(report: Report): string {
  const results = report.results.filter(({ verdict }) => verdict === 'holds')
  if (results.length === 0) return ''
  const item = (result: ScenarioResult) =>
    `<li>${pill(result)} ${e(oneLine(result.name))} <span class="promise">· ${e(oneLine(result.subject))}<br>${e(result.promise)}</span></li>`
  return `<h2>What held</h2>\n<details class="held"><summary>${results.length} promises kept</summary><ul>${results.map(item).join('\n')}</ul></details>`
}
