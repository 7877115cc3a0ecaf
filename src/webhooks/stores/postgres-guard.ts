import { type Clock, systemClock } from '../../core/clock.ts'
import { type GuardedEvent, guardKey, guardTable } from '../effect-guard.ts'
import { type Standing } from '../newest.ts'
import { type Connections, connections, type PostgresClient, type PostgresPool } from './postgres-pool.ts'

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
  const { connected, transaction } = connections(pool)
  const ready = tableMaker(connected, guardTable)
  return {
    async once(event, step, effect) {
      await ready()
      return transaction(async (client) => {
        const { rowCount } = await client.query(
          'INSERT INTO goodfence_processed VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          [...guardKey(event, step), Math.floor(clock.now())],
        )
        if (rowCount !== 1) return 'known'
        await effect(client)
        return 'made'
      })
    },
    async forget(beforeMs) {
      await ready()
      const text = 'DELETE FROM goodfence_processed WHERE made_at_ms < $1'
      return (await connected((client) => client.query(text, [Math.floor(beforeMs)]))).rowCount ?? 0
    },
  }
}

/**
 * Makes the check that lets the newest version of each key win, as `newest` does, kept in PostgreSQL: it belongs to the
 * transaction whose client it is given.
 */
export function postgresNewest<Client extends PostgresClient>(
  pool: PostgresPool<Client>,
): (key: string, version: number, client: Client) => Promise<Standing> {
  const { connected } = connections(pool)
  const table = 'CREATE TABLE IF NOT EXISTS goodfence_newest (key TEXT PRIMARY KEY, version DOUBLE PRECISION NOT NULL)'
  const ready = tableMaker(connected, table)
  return async (key, version, client) => {
    await ready()
    const { rowCount } = await client.query(
      `INSERT INTO goodfence_newest AS known VALUES ($1, $2)
       ON CONFLICT (key) DO UPDATE SET version = excluded.version WHERE excluded.version > known.version`,
      [key, version],
    )
    if (rowCount === 1) return 'newer'
    const { rows } = await client.query('SELECT version FROM goodfence_newest WHERE key = $1', [key])
    return Number(rows[0]?.['version']) === version ? 'same' : 'older'
  }
}

/** Makes a table once, before its first use. Of many processes that start at once, some find it half made and ask again. */
function tableMaker(connected: Connections<PostgresClient>['connected'], text: string): () => Promise<void> {
  let made: Promise<void> | undefined
  const make = () => connected(async (client) => void (await client.query(text)))
  return () =>
    (made ??= make()
      .catch(make)
      .catch((error: unknown) => {
        made = undefined
        throw error
      }))
}
