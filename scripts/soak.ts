import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findServer } from '../test/support/find-server.ts'
import { type InboxAddress } from '../test/support/killable-inbox.ts'
import { postgres } from '../test/support/postgres-server.ts'
import { randomKills } from '../test/support/random-kills.ts'
import { serialLoad } from '../test/support/serial-load.ts'

/**
 * Proves for some minutes that inboxes lose nothing: processes that are killed by the hundred, with a control that must
 * be seen to fail, and serial order under load. `--json` prints the rows as JSON, `--seed N` repeats a run's draws,
 * `--kills N` and `--events N` make it longer or shorter, `--store SQLite` keeps to one.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    kills: { type: 'string', default: '250' },
    events: { type: 'string', default: '3000' },
    store: { type: 'string' },
  },
})
const seed = Number(values.seed)
const events = Number(values.events)
const kills = Number(values.kills)

interface Row {
  readonly what: string
  readonly store: string
  readonly ok: boolean
  readonly figures: Readonly<Record<string, number>>
}

const say = (line: string) => void process.stderr.write(`${line}\n`)
const rows: Row[] = []
const folder = mkdtempSync(join(tmpdir(), 'goodfence-soak-'))
const server = await findServer(postgres)

const stores: { readonly name: string; readonly address: () => Promise<InboxAddress> }[] = [
  { name: 'SQLite', address: async () => ({ store: 'SQLite', file: join(folder, `${rows.length}.db`) }) },
]
if (server !== undefined) {
  const { url, newSchema } = server
  stores.push({ name: 'PostgreSQL', address: async () => ({ store: 'PostgreSQL', url, schema: await newSchema() }) })
}

say(`seed ${seed}`)
try {
  for (const { name, address } of stores.filter((store) => values.store === undefined || store.name === values.store)) {
    for (const manner of ['careful', 'careless'] as const) {
      const what = manner === 'careful' ? 'killed at random' : 'control: effect outside'
      say(`${name}, ${what}: ${events} events`)
      const onProgress = (line: string) => say(`  ${line}`)
      // On average as many steps are left for each process as the work takes, shared among the kills.
      const killWithin = Math.round((events * 18) / kills)
      const base = {
        address: await address(),
        events,
        seed,
        manner,
        workers: 3,
        killWithin,
        maxKills: kills,
        onProgress,
      }
      const { taken, done, ...report } = await randomKills(base)
      const whole = taken === events && done === events && report.lost === 0
      // The control proves that the check can tell: it must find effects that were made twice.
      const ok = whole && (manner === 'careful' ? report.twice === 0 : report.twice > 0)
      rows.push({ what, store: name, ok, figures: { events, ...report } })
    }

    const [load, keys] = [Math.round(events * (10 / 3)), Math.round(events / 6)]
    say(`${name}, serial order: ${load} events, ${keys} keys, 5 % of the attempts fail`)
    const onProgress = (line: string) => say(`  ${line}`)
    const work = {
      address: await address(),
      events: load,
      keys,
      failPercent: 5,
      poison: 50,
      workers: 2,
      seed,
      onProgress,
    }
    const { ms, ...report } = await serialLoad(work)
    const ok = report.outOfOrder === 0 && report.poisonHandled === 0 && report.handled === load
    rows.push({ what: 'serial order', store: name, ok, figures: { keys, ...report, seconds: Math.round(ms / 1_000) } })
  }
} finally {
  rmSync(folder, { recursive: true })
  await server?.[Symbol.asyncDispose]()
}

if (values.json) process.stdout.write(`${JSON.stringify({ seed, rows }, undefined, 2)}\n`)
else for (const row of rows) process.stdout.write(`${told(row)}\n`)
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1

function told({ what, store, ok, figures }: Row): string {
  const facts = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`)
  return `${ok ? 'held  ' : 'BROKEN'}  ${store.padEnd(11)} ${what.padEnd(24)} ${facts.join(', ')}`
}
