/**
 * Measures what is promised about speed and prints it as a table: `npm run bench`, or `npm run bench -- --json FILE`
 * for the rows as JSON. A word after that runs only the parts whose name holds it.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Row } from './row.ts'

const parts: Readonly<Record<string, () => Promise<{ rows(): Promise<Row[]> }>>> = {
  'client-stack': () => import('./client-stack.ts'),
  'mock-get': () => import('./mock-get.ts'),
  'postgres-scaling': () => import('./postgres-scaling.ts'),
  receiver: () => import('./receiver.ts'),
  'receiver-vs-engines': () => import('./inbox-put.ts'),
  schedules: () => import('./schedules.ts'),
  start: () => import('./start.ts'),
  verify: () => import('./verify.ts'),
}

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const wanted = Object.keys(parts).filter(
  (name) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
)
if (wanted.length === 0) {
  console.error(`Nothing matches ${positionals.join(' ')}. Parts: ${Object.keys(parts).join(', ')}.`)
  process.exit(2)
}

const rows: Row[] = []
for (const name of wanted) {
  if (process.stderr.isTTY) process.stderr.write(`measuring ${name}...\n`)
  rows.push(...((await (await parts[name]?.())?.rows()) ?? []))
}

const cells = [
  ['name', 'value', 'unit', 'spread', 'versus'],
  ...rows.map(({ name, value, unit, spread, versus }) => [name, rounded(value), unit, spread, versus]),
]
const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? []
for (const row of cells)
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )

if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify(
      rows.map(({ name, value, unit, versus }) => ({ name, value, unit, versus })),
      undefined,
      2,
    )}\n`,
  )
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
