import { escapeMarkup, oneLine } from './escape.ts'
import { type Party, type Step, duration } from './step.ts'

export interface DiagramOptions {
  /** Unique on its page; the names of title and description derive from it. */
  readonly id: string
  readonly title: string
  /** Pixels. Below 520 the times move from their own column in between the lines. @default 760 */
  readonly width?: number
  /** What the lifelines are called. @default the parties' own names */
  readonly names?: Partial<Record<Party, string>>
}

/** An attacker stands outside, next to the shop; the provider on the other side. */
const order: readonly Party[] = ['attacker', 'shop', 'provider']
const lineHeight = 17
/** Generous, since the reader's own font is used. */
const charWidth = 7.5
const boldCharWidth = 8.4
const headHeight = 30
/** Beyond this silence the diagram says how long it was. */
const gapMs = 30_000

/**
 * A history drawn as a sequence diagram in SVG: one lifeline per party, time running down.
 *
 * Colours come from CSS variables of the page that holds it, so that it follows light and dark. Steps
 * are given in words as well, in its description.
 */
export function sequenceDiagram(steps: readonly Step[], options: DiagramOptions): string {
  const { id, title, width = 760, names = {} } = options
  const layout = layoutOf(steps, width)
  const rows: string[] = []
  const breaks: { from: number; to: number }[] = []
  let y = headHeight + 16
  let before: number | undefined
  for (const step of steps) {
    const silence = step.atMs - (before ?? step.atMs)
    if (silence >= gapMs) {
      breaks.push({ from: y - 2, to: y + 26 })
      rows.push(text(layout.middle, y + 16, `${duration(silence)} later`, 'faint centre'))
      y += 34
    }
    const time = step.atMs === before ? undefined : duration(step.atMs)
    const row = step.to === undefined ? eventRow(step, y, layout, time) : messageRow(step, step.to, y, layout, time)
    rows.push(row.svg)
    y += row.height
    before = step.atMs
  }
  const height = y + 8
  return [
    `<svg class="diagram" role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title id="${id}-title">${escapeMarkup(oneLine(title))}</title>`,
    `<desc id="${id}-desc">${escapeMarkup(steps.map(inWords).join(' '))}</desc>`,
    ...layout.parties.map((party) => lifeline(layout.x(party), height - 6, breaks)),
    ...layout.parties.map((party) => head(party, names[party] ?? party, layout.x(party), width)),
    ...rows,
    '</svg>',
  ].join('\n')
}

interface Layout {
  readonly parties: readonly Party[]
  readonly width: number
  /** Where drawing may begin: after the column of times, where there is one. */
  readonly left: number
  readonly timesInColumn: boolean
  readonly middle: number
  x(party: Party): number
}

interface Row {
  readonly svg: string
  readonly height: number
}

function layoutOf(steps: readonly Step[], width: number): Layout {
  const parties = order.filter(
    (party) => party !== 'attacker' || steps.some(({ from, to }) => from === party || to === party),
  )
  const timesInColumn = width >= 520
  const left = timesInColumn ? 92 : 0
  const margin = timesInColumn ? 66 : 46
  const first = left + margin
  const pitch = (width - margin - first) / (parties.length - 1)
  const x = (party: Party) => first + Math.max(0, parties.indexOf(party)) * pitch
  return { parties, width, left, timesInColumn, middle: first + ((parties.length - 1) * pitch) / 2, x }
}

function messageRow(step: Step, to: Party, top: number, layout: Layout, time: string | undefined): Row {
  const start = layout.x(step.from)
  const end = layout.x(to)
  const direction = Math.sign(end - start) || 1
  const label = wrap(step.text, Math.abs(end - start) - 24, widthOf(step))
  const kind = kindOf(step)
  const stamp = timestamp(time, top, layout)
  const labelTop = top + stamp.height
  const y = labelTop + label.length * lineHeight + 5
  const stop = step.lost ? start + (end - start) * 0.58 : end - direction * 2
  const parts = [
    stamp.svg,
    ...label.map((line, index) => text((start + end) / 2, labelTop + 12 + index * lineHeight, line, `centre ${kind}`)),
    `<line class="arrow ${kind}${step.answer ? ' answer' : ''}" x1="${round(start)}" y1="${y}" x2="${round(stop - (step.lost ? 0 : direction * 7))}" y2="${y}"/>`,
    step.lost ? cross(stop + direction * 8, y) : arrowHead(stop, y, direction, kind),
  ]
  return { svg: parts.join(''), height: y - top + 17 }
}

function eventRow(step: Step, top: number, layout: Layout, time: string | undefined): Row {
  const stamp = timestamp(time, top, layout)
  const room = layout.width - layout.left
  const lines = wrap(step.text, Math.min(360, room) - 24, widthOf(step))
  const width = Math.min(room, Math.max(...lines.map((line) => line.length)) * widthOf(step) + 22)
  const centre = layout.x(step.from)
  const x = Math.min(Math.max(centre - width / 2, layout.left), layout.width - width - 1)
  const height = lines.length * lineHeight + 9
  const y = top + stamp.height
  const kind = kindOf(step)
  const box = `<rect class="event ${kind}" x="${round(x)}" y="${y}" width="${round(width)}" height="${height}" rx="6"/>`
  const words = lines.map((line, index) =>
    text(x + width / 2, y + 17 + index * lineHeight, line, `centre inside ${kind}`),
  )
  return { svg: [stamp.svg, box, ...words].join(''), height: height + stamp.height + 12 }
}

/** The time beside its step, or where there is no room, on a line above it. */
function timestamp(time: string | undefined, top: number, layout: Layout): Row {
  if (time === undefined) return { svg: '', height: 0 }
  if (layout.timesInColumn) return { svg: text(0, top + 14, time, 'faint time'), height: 0 }
  return { svg: text(layout.middle, top + 11, time, 'faint time centre'), height: 17 }
}

function widthOf(step: Step): number {
  return step.wrong ? boldCharWidth : charWidth
}

function kindOf(step: Step): string {
  if (step.wrong) return 'wrong'
  if (step.forged) return 'forged'
  return step.lost ? 'lost' : 'plain'
}

function head(party: Party, name: string, x: number, width: number): string {
  const shownName = name.length > 16 ? `${name.slice(0, 15)}…` : name
  const boxWidth = Math.max(84, shownName.length * charWidth + 28)
  const left = Math.min(Math.max(x - boxWidth / 2, 1), width - boxWidth - 1)
  return `<rect class="head ${party}" x="${round(left)}" y="1" width="${round(boxWidth)}" height="${headHeight - 2}" rx="8"/>${text(left + boxWidth / 2, 20, shownName, `centre name ${party}`)}`
}

function lifeline(x: number, bottom: number, breaks: readonly { from: number; to: number }[]): string {
  const lines: string[] = []
  let from = headHeight
  for (const gap of breaks) {
    lines.push(`<line class="life" x1="${round(x)}" y1="${from}" x2="${round(x)}" y2="${gap.from}"/>`)
    lines.push(`<line class="life gap" x1="${round(x)}" y1="${gap.from}" x2="${round(x)}" y2="${gap.to}"/>`)
    from = gap.to
  }
  lines.push(`<line class="life" x1="${round(x)}" y1="${from}" x2="${round(x)}" y2="${bottom}"/>`)
  return lines.join('')
}

function arrowHead(x: number, y: number, direction: number, kind: string): string {
  const back = x - direction * 10
  return `<polygon class="tip ${kind}" points="${round(x)},${y} ${round(back)},${y - 5} ${round(back)},${y + 5}"/>`
}

/** Marks where a message was lost. */
function cross(x: number, y: number): string {
  return `<path class="cross" d="M${round(x - 6)} ${y - 6}L${round(x + 6)} ${y + 6}M${round(x + 6)} ${y - 6}L${round(x - 6)} ${y + 6}"/>`
}

function text(x: number, y: number, content: string, classes: string): string {
  return `<text class="${classes}" x="${round(x)}" y="${y}">${escapeMarkup(content)}</text>`
}

/** SVG does not break lines: words are shared out by an estimate of their width. */
export function wrap(content: string, widthPx: number, charPx = charWidth): readonly string[] {
  const limit = Math.max(8, Math.floor(widthPx / charPx))
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(content)
    .split(' ')
    .flatMap((part) => chunks(part, limit))) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function chunks(word: string, size: number): readonly string[] {
  const chars = Array.from(word)
  if (chars.length <= size) return [word]
  return Array.from({ length: Math.ceil(chars.length / size) }, (_, index) =>
    chars.slice(index * size, (index + 1) * size).join(''),
  )
}

/** A step as a sentence, for those who hear the diagram. */
function inWords(step: Step): string {
  const path = step.to === undefined ? step.from : `${step.from} to ${step.to}`
  const marks = [step.forged ? 'forged' : '', step.lost ? 'never arrives' : '', step.wrong ? 'breaks the promise' : '']
  const aside = marks.filter((mark) => mark !== '').join(', ')
  return `At ${duration(step.atMs)}, ${path}: ${oneLine(step.text)}${aside === '' ? '' : ` (${aside})`}.`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
