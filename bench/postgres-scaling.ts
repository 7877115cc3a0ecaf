import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { findServer } from '../test/support/find-server.ts'
import { postgres, type PostgresServer } from '../test/support/postgres-server.ts'
import { deliver, payload, signedRequests } from './delivery-load.ts'
import { median, ratios, spread } from './measure.ts'
import { type Row } from './row.ts'
import { startServer } from './start-server.ts'

const program = join(import.meta.dirname, 'servers/postgres-node.ts')
const events = 600

/**
 * How many times what one receiver and one worker get done four and four do, in processes of their own on one database:
 * from the first delivery until every effect is committed. Beside it, what bounds it: how busy the machine was with one
 * of each, and how many bare rows of that size the database takes.
 */
export async function rows(): Promise<Row[]> {
  const server = await findServer(postgres)
  if (server === undefined) return []
  await using stack = new AsyncDisposableStack()
  stack.use(server)
  const [one, four] = [await start(server, 1, stack), await start(server, 4, stack)]
  const bareInsert = await bareInserts(server, stack)
  const ones: Handled[] = []
  const fours: Handled[] = []
  const bare: number[] = []
  for (let round = -1; round < 3; round++) {
    const [single, several, raw] = [await one(round), await four(round), await bareInsert()]
    if (round < 0) continue
    ones.push(single)
    fours.push(several)
    bare.push(raw)
  }
  const speed = (all: readonly Handled[]) => all.map(({ perSecond }) => perSecond)
  const busy = (all: readonly Handled[]) => `${Math.round(100 * median(all.map((run) => run.busy)))} %`
  const times = ratios(speed(fours), speed(ones))
  const versus =
    `one of each: ${median(speed(ones))}/s with ${availableParallelism()} cores ${busy(ones)} busy; four: ` +
    `${median(speed(fours))}/s, ${busy(fours)}; bare inserts ${median(bare)}/s`
  return [{ name: 'postgres-scaling', value: median(times), unit: 'x', versus, spread: spread(times) }]
}

interface Handled {
  readonly perSecond: number
  /** Share of the machine's processors that was at work for anybody. */
  readonly busy: number
}

/** Starts so many of each, and answers how to have a round of events handled by them. */
async function start(server: PostgresServer, count: number, stack: AsyncDisposableStack) {
  const schema = await server.newSchema()
  const pool = new Pool({ connectionString: server.url, options: `-c search_path=${schema}`, max: 1 })
  stack.defer(() => pool.end())
  await pool.query('CREATE TABLE effects (id TEXT)')
  const launch = async (role: string) => {
    const started = await startServer(['--conditions=goodfence-source', program, role, server.url, schema])
    stack.defer(() => void started.child.kill())
    return started.url
  }
  const urls: string[] = []
  for (let at = 0; at < count; at++) {
    urls.push(await launch('receiver'))
    await launch('worker')
  }

  return async (round: number): Promise<Handled> => {
    await pool.query('TRUNCATE effects')
    const requests = urls.map((url, at) => signedRequests(url, `${count}_${round}_${at}`, events / count))
    const before = processorTimes()
    const startedMs = performance.now()
    await Promise.all(urls.map((url, at) => deliver(url, requests[at] ?? [], 32 / count)))
    for (;;) {
      const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM effects')
      if (rows[0]?.count === events) break
    }
    const perSecond = (events * 1_000) / (performance.now() - startedMs)
    const after = processorTimes()
    return { perSecond, busy: 1 - (after.idle - before.idle) / (after.all - before.all) }
  }
}

/** Rows of an event's size that the database commits a second, one in each transaction, over 16 connections. */
async function bareInserts(server: PostgresServer, stack: AsyncDisposableStack): Promise<() => Promise<number>> {
  const options = `-c search_path=${await server.newSchema()}`
  const pool = new Pool({ connectionString: server.url, options, max: 16 })
  stack.defer(() => pool.end())
  await pool.query('CREATE TABLE bare (id INTEGER PRIMARY KEY, body BYTEA NOT NULL)')
  const body = payload('evt_bare')
  let made = 0
  return async () => {
    const startedMs = performance.now()
    const madeBefore = made
    const run = async () => {
      while (performance.now() - startedMs < 1_000) await pool.query('INSERT INTO bare VALUES ($1, $2)', [made++, body])
    }
    await Promise.all(Array.from({ length: 16 }, run))
    return ((made - madeBefore) * 1_000) / (performance.now() - startedMs)
  }
}

/** What the processors have done since the machine started, in ticks: all of it, and the part that was nothing. */
function processorTimes(): { readonly all: number; readonly idle: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, ...more] =
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? []
  return { all: [user, nice, system, idle, wait, ...more].reduce((sum, ticks) => sum + ticks, 0), idle: idle + wait }
}
