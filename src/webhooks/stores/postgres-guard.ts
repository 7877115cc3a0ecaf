import { type Clock, systemClock } from '../../core/clock.ts'
import { type GuardedEvent, guardKey, guardTable } from '../effect-guard.ts'
import { type Standing } from '../newest.ts'
import { codeOf, connections, type PostgresClient, type PostgresPool } from './postgres-pool.ts'

/** Makes effects in PostgreSQL once, however often they are asked for. */
export interface PostgresEffectGuard<Client> {
  /** As `effectGuard`'s. */
  once(event: GuardedEvent, step: string, effect: (client: Client) => Promise<void>): Promise<'made' | 'known'>
  /** As `effectGuard`'s. */
  forget(beforeMs: number): Promise<number>
}

/** Makes the guard for effects in a PostgreSQL database that is not the inbox's own. Its table is made at the first use. */
export function postgresEffectGuard<Client extends PostgresClient>(
  pool: PostgresPool<Client>,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): PostgresEffectGuard<Client> {
  const { transaction } = connections(pool)
  const withTable = tableMaker('goodfence_processed', guardTable)
  return {
    once: (event, step, effect) =>
      transaction((client) =>
        withTable(client, async () => {
          const { rowCount } = await client.query(
            'INSERT INTO goodfence_processed VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
            [...guardKey(event, step), Math.floor(clock.now())],
          )
          if (rowCount !== 1) return 'known'
          await effect(client)
          return 'made'
        }),
      ),
    forget: (beforeMs) =>
      transaction((client) =>
        withTable(client, async () => {
          const text = 'DELETE FROM goodfence_processed WHERE made_at_ms < $1'
          return (await client.query(text, [Math.floor(beforeMs)])).rowCount ?? 0
        }),
      ),
  }
}

/**
 * Makes the check that lets the newest version of each key win, as `newest` does, kept in PostgreSQL: it belongs to the
 * transaction whose client it is given. Its table is made at the first use.
 */
export function postgresNewest(): (key: string, version: number, client: PostgresClient) => Promise<Standing> {
  const withTable = tableMaker(
    'goodfence_newest',
    'CREATE TABLE IF NOT EXISTS goodfence_newest (key TEXT PRIMARY KEY, version DOUBLE PRECISION NOT NULL)',
  )
  return (key, version, client) =>
    withTable(client, async () => {
      const { rowCount } = await client.query(
        `INSERT INTO goodfence_newest AS known VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET version = excluded.version WHERE excluded.version > known.version`,
        [key, version],
      )
      if (rowCount === 1) return 'newer'
      const { rows } = await client.query('SELECT version FROM goodfence_newest WHERE key = $1', [key])
      return Number(rows[0]?.['version']) === version ? 'same' : 'older'
    })
}

/** Any number will do, as long as every goodfence uses the same: of many that start at once, one makes the table. */
const lockKey = 7_214_306_013

/** What the server says when a table is missing. */
const undefinedTable = '42P01'

/** Runs work that needs a table in the transaction of this client. */
type WithTable = <Result>(client: PostgresClient, work: () => Promise<Result>) => Promise<Result>

/**
 * Has a table made before its first use, within the transaction that needs it: a second client may never come, where everyone
 * who has one waits for another.
 */
function tableMaker(name: string, text: string): WithTable {
  let isKnown = false

  async function make(client: PostgresClient): Promise<void> {
    const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS known', [name])
    isKnown = rows[0]?.['known'] === true
    if (isKnown) return
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
    await client.query(text)
  }

  return async (client, work) => {
    if (!isKnown) await make(client)
    try {
      return await work()
    } catch (error) {
      // A transaction may have seen the table that it made itself, and then not have been committed.
      if (codeOf(error) === undefinedTable) isKnown = false
      throw error
    }
  }
}
