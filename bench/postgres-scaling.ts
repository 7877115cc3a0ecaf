import { type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Pool } from 'pg'
import { findServer } from '../test/support/find-server.ts'
import { postgres, type PostgresServer } from '../test/support/postgres-server.ts'
import { deliver, signedRequests } from './delivery-load.ts'
import { median, ratios, spread } from './measure.ts'
import { cpuMs, isPostgres, machineTicks } from './processor-time.ts'
import { type Row } from './row.ts'
import { startServer } from './start-server.ts'

const program = join(import.meta.dirname, 'servers/postgres-node.ts')
const rounds = 3
/** New processes are slow: their code is not compiled yet. */
const warmUps = 2
/** As long as a call of another system takes. */
const callMs = 50

/**
 * Whether four receivers and four workers, in processes of their own on one database, get more done than one of each, and
 * what bounds them. `postgres-scaling`: with handlers that wait as for another system. `postgres-flat-out`: with handlers
 * that only make their effect, beside bare calls of the inbox. Always from the first delivery until every effect is
 * committed.
 */
export async function rows(): Promise<Row[]> {
  const server = await findServer(postgres)
  if (server === undefined) return []
  await using stack = new AsyncDisposableStack()
  stack.use(server)
  return [await scaling(server), await flatOut(server)]
}

async function scaling(server: PostgresServer): Promise<Row> {
  await using stack = new AsyncDisposableStack()
  const one = await start(server, stack, { count: 1, events: 400, callMs })
  const four = await start(server, stack, { count: 4, events: 1_600, callMs })
  const [ones, fours] = await inTurns(one, four)
  const times = ratios(speeds(fours), speeds(ones))
  const versus = `handlers that wait ${callMs} ms; one of each: ${told(ones)}; four: ${told(fours)}`
  return { name: 'postgres-scaling', value: median(times), unit: 'x', versus, spread: spread(times) }
}

async function flatOut(server: PostgresServer): Promise<Row> {
  await using stack = new AsyncDisposableStack()
  const one = await start(server, stack, { count: 1, events: 2_400, callMs: 0 })
  const four = await start(server, stack, { count: 4, events: 2_400, callMs: 0 })
  const bare = await startBare(server, stack, { count: 4, events: 2_400 })
  const [ones, fours, bares] = await inTurns(one, four, bare)
  const times = ratios(speeds(fours), speeds(bares))
  const versus = `bare calls of the inbox by four processes: ${told(bares)}; one of each: ${told(ones)}; four: ${told(fours)}`
  return { name: 'postgres-flat-out', value: median(times), unit: 'x', versus, spread: spread(times) }
}

interface Handled {
  readonly perSecond: number
  /** Share of the machine's processors that was at work for anybody. */
  readonly busy: number
  /** Milliseconds of processor time for each event, of all processes that took part. */
  readonly cpuMs: number
  /** PostgreSQL's share of that. Not a number where its processes cannot be seen from here. */
  readonly postgresShare: number
}

type Measure = (round: number) => Promise<Handled>

/** Has each measure taken in turns. */
async function inTurns(...measures: readonly Measure[]): Promise<[Handled[], Handled[], Handled[]]> {
  const taken: [Handled[], Handled[], Handled[]] = [[], [], []]
  for (let round = -warmUps; round < rounds; round++) {
    for (const [at, measure] of measures.entries()) {
      const handled = await measure(round)
      if (round >= 0) taken[at]?.push(handled)
    }
  }
  return taken
}

function speeds(all: readonly Handled[]): number[] {
  return all.map(({ perSecond }) => perSecond)
}

function told(all: readonly Handled[]): string {
  const middle = (of: (each: Handled) => number) => median(all.map(of))
  const percent = (of: (each: Handled) => number) => `${Math.round(100 * middle(of))} %`
  const cost = `${middle((each) => each.cpuMs)} ms of processor each, ${percent((each) => each.postgresShare)} of it PostgreSQL's`
  return `${middle((each) => each.perSecond)}/s, ${cost}, cores ${percent((each) => each.busy)} busy`
}

interface Crew {
  /** So many of each. */
  readonly count: number
  readonly events: number
}

/** Starts receivers and workers, and answers how to have a round of events handled by them. */
async function start(
  server: PostgresServer,
  stack: AsyncDisposableStack,
  { count, events, callMs: waitMs }: Crew & { readonly callMs: number },
): Promise<Measure> {
  const site = await siteOf(server, stack)
  const urls: string[] = []
  for (let at = 0; at < count; at++) {
    urls.push(await site.launch('receiver'))
    await site.launch('worker', waitMs)
  }
  return (round) => {
    const requests = urls.map((url, at) => signedRequests(url, `${count}_${round}_${at}`, events / count))
    return site.measure(events, () => Promise.all(urls.map((url, at) => deliver(url, requests[at] ?? [], 32))))
  }
}

/** Starts processes that call the inbox alone, and answers how to have a round of events put and settled by them. */
async function startBare(
  server: PostgresServer,
  stack: AsyncDisposableStack,
  { count, events }: Crew,
): Promise<Measure> {
  const site = await siteOf(server, stack)
  const urls: string[] = []
  for (let at = 0; at < count; at++) urls.push(await site.launch('bare', events / count))
  return () => site.measure(events, () => Promise.all(urls.map((url) => fetch(url))))
}

/** A schema with a table of effects, and the processes that are at work on it. */
async function siteOf(server: PostgresServer, stack: AsyncDisposableStack) {
  const schema = await server.newSchema()
  const pool = new Pool({ connectionString: server.url, options: `-c search_path=${schema}`, max: 1 })
  stack.defer(() => pool.end())
  await pool.query('CREATE TABLE effects (id TEXT)')
  const children: ChildProcess[] = []

  async function launch(role: string, amount = 0): Promise<string> {
    const args = ['--conditions=goodfence-source', program, role, server.url, schema, String(amount)]
    const { child, url } = await startServer(args)
    stack.defer(() => void child.kill())
    children.push(child)
    return url
  }

  async function backends(): Promise<number[]> {
    const text = 'SELECT pid FROM pg_stat_activity WHERE application_name = $1'
    return (await pool.query<{ pid: number }>(text, [schema])).rows.map(({ pid }) => pid)
  }

  async function measure(events: number, work: () => Promise<unknown>): Promise<Handled> {
    await pool.query('TRUNCATE effects')
    const own = [process.pid, ...children.map(({ pid }) => pid as number)]
    const before = cpuMs(own)
    const postgresBefore = new Map((await backends()).map((pid) => [pid, cpuMs([pid])]))
    const machineBefore = machineTicks()
    const startedMs = performance.now()
    await work()
    for (;;) {
      const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM effects')
      if (rows[0]?.count === events) break
      // A poll without a pause would be the busiest client of all.
      await setTimeout(20)
    }
    const perSecond = (events * 1_000) / (performance.now() - startedMs)
    const machine = machineTicks()
    const busy = 1 - (machine.idle - machineBefore.idle) / (machine.all - machineBefore.all)
    const spent = cpuMs(own) - before
    const ours = (await backends()).filter(isPostgres)
    const postgres = ours.reduce((sum, pid) => sum + cpuMs([pid]) - (postgresBefore.get(pid) ?? 0), 0)
    const all = spent + postgres
    return { perSecond, busy, cpuMs: all / events, postgresShare: ours.length === 0 ? Number.NaN : postgres / all }
  }

  return { launch, measure }
}
