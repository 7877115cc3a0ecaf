import { DatabaseSync } from 'node:sqlite'
import { Pool, type PoolClient } from 'pg'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import { type Effect, type Inbox } from '../../src/webhooks/inbox.ts'
import { createPostgresInbox, type PostgresClient } from '../../src/webhooks/stores/postgres.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'

/** Where an inbox lies: an SQLite file, or a schema of a PostgreSQL server. */
export type InboxAddress =
  | { readonly store: 'SQLite'; readonly file: string }
  | { readonly store: 'PostgreSQL'; readonly url: string; readonly schema: string }

/** Hears the name of each place at which a process may die. */
export type Step = (name: string) => void

/** An inbox whose process may die at any step, and a table of effects beside it, each with the attempt that made it. */
export interface KillableInbox extends AsyncDisposable {
  readonly inbox: Inbox<never>
  /** Makes an effect in the transaction of the settling. */
  readonly effect: (event: string, attempt: number) => Effect<unknown>
  /** Makes an effect by itself. */
  readonly careless: (event: string, attempt: number) => Promise<void>
  /** The events of all effects, in the order in which they were made. */
  readonly effects: () => Promise<readonly string[]>
}

/** Opens an inbox at an address, with a step before each commit and around each call. */
export async function openKillable(
  address: InboxAddress,
  step: Step = () => {},
  clock?: Clock,
): Promise<KillableInbox> {
  return address.store === 'SQLite' ? inSqlite(address.file, step, clock) : inPostgres(address, step, clock)
}

async function inSqlite(file: string, step: Step, clock: Clock = systemClock): Promise<KillableInbox> {
  class Dying extends DatabaseSync {
    override exec(text: string): void {
      if (text === 'COMMIT') step('before commit')
      super.exec(text)
    }
  }
  const database = new Dying(file, { timeout: 20_000 })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE IF NOT EXISTS effects (event TEXT NOT NULL, attempt INTEGER NOT NULL)')
  const insert = database.prepare('INSERT INTO effects VALUES (?, ?)')
  return {
    inbox: stepping(createSqliteInbox({ database, clock }), step),
    effect: (event, attempt) => () => {
      step('before the effect')
      insert.run(event, attempt)
      step('after the effect')
    },
    async careless(event, attempt) {
      insert.run(event, attempt)
    },
    async effects() {
      return database
        .prepare('SELECT event FROM effects ORDER BY rowid')
        .all()
        .map((row) => String(row['event']))
    },
    async [Symbol.asyncDispose]() {
      database.close()
    },
  }
}

async function inPostgres(
  { url, schema }: { readonly url: string; readonly schema: string },
  step: Step,
  clock: Clock | undefined,
): Promise<KillableInbox> {
  const pool = new Pool({ connectionString: url, options: `-c search_path=${schema}`, max: 6 })
  pool.on('error', () => {})
  await pool
    .query('CREATE TABLE IF NOT EXISTS effects (at SERIAL, event TEXT NOT NULL, attempt INTEGER NOT NULL)')
    .catch(() => {})
  const insert = 'INSERT INTO effects (event, attempt) VALUES ($1, $2)'
  const dying = {
    async connect(): Promise<PostgresClient & { readonly client: PoolClient }> {
      const client = await pool.connect()
      return {
        client,
        query(text, values) {
          if (text === 'COMMIT') step('before commit')
          return client.query(text, values)
        },
        release: (destroy) => client.release(destroy),
        on: (name, listener) => client.on(name, listener),
        off: (name, listener) => client.off(name, listener),
      }
    },
  }
  return {
    inbox: stepping(createPostgresInbox({ pool: dying, clock }), step),
    effect: (event, attempt) => async (transaction) => {
      step('before the effect')
      await (transaction as PostgresClient).query(insert, [event, attempt])
      step('after the effect')
    },
    careless: async (event, attempt) => void (await pool.query(insert, [event, attempt])),
    effects: async () =>
      (await pool.query<{ event: string }>('SELECT event FROM effects ORDER BY at')).rows.map(({ event }) => event),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** The same inbox, with a step before and after each call. */
function stepping<Transaction>(store: Inbox<Transaction>, step: Step): Inbox<never> {
  async function around<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    step(`before ${name}`)
    const result = await call()
    step(`after ${name}`)
    return result
  }
  const inbox: Inbox<Transaction> = {
    ...store,
    put: (events) => around('put', () => store.put(events)),
    claim: (options) => around('claim', () => store.claim(options)),
    settle: (claim, outcome, effect) => around('settle', () => store.settle(claim, outcome, effect)),
    requeue: (selector, options) => around('requeue', () => store.requeue(selector, options)),
  }
  return inbox
}
