import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type PoolClient } from 'pg'
import { GoodfenceError } from '../core/errors.ts'
import { type Inbox } from '../webhooks/inbox.ts'
import { type Options, type World } from './command.ts'

/** The options that name an inbox. */
export const inboxOptions = {
  inbox: { type: 'text', value: 'FILE', help: 'The inbox in an SQLite file' },
  'postgres-env': {
    type: 'text',
    value: 'NAME',
    help: 'The inbox in PostgreSQL, at the URL in this environment variable',
  },
} as const satisfies Options

/** Runs `work` on the inbox that the options name. Throws `usage` or `environment` when there is none. */
export async function withInbox<Result>(
  values: { readonly inbox: string | undefined; readonly 'postgres-env': string | undefined },
  { cwd }: World,
  work: (inbox: Inbox<never>) => Promise<Result>,
): Promise<Result> {
  const { inbox: file, 'postgres-env': variable } = values
  if ((file === undefined) === (variable === undefined)) {
    throw new GoodfenceError('usage', 'Name one inbox: --inbox FILE or --postgres-env NAME.', {
      mend: 'goodfence webhook replay --inbox inbox.db',
    })
  }
  return file === undefined ? inPostgres(variable as string, work) : inSqlite(resolve(cwd, file), work)
}

async function inSqlite<Result>(path: string, work: (inbox: Inbox<never>) => Promise<Result>): Promise<Result> {
  if (!existsSync(path)) {
    throw new GoodfenceError('environment', `There is no inbox at ${path}.`, {
      mend: 'name the file that the receiver fills',
    })
  }
  const { isSqliteInbox } = await import('../webhooks/stores/sqlite-file.ts')
  const { createSqliteInbox } = await import('../webhooks/stores/sqlite.ts')
  if (!isSqliteInbox(path)) {
    throw new GoodfenceError('environment', `There is no inbox in ${path}, which is a database of something else.`, {
      mend: 'name the file that the receiver fills',
    })
  }
  await using inbox = createSqliteInbox({ database: path })
  return await work(inbox)
}

async function inPostgres<Result>(variable: string, work: (inbox: Inbox<never>) => Promise<Result>): Promise<Result> {
  const connectionString = process.env[variable]
  if (connectionString === undefined || connectionString === '') {
    throw new GoodfenceError('environment', `The environment variable ${variable} is not set.`, {
      mend: `set ${variable} to the URL of the database that the receiver fills`,
    })
  }
  const { createPostgresInbox } = await import('../webhooks/stores/postgres.ts')
  const pool = new (await loadPool())({ connectionString, max: 2 })
  // Its queries reject as well; without a listener the process would end.
  pool.on('error', () => {})
  try {
    const { rows } = await pool.query(`SELECT to_regclass('goodfence_inbox') AS found`)
    if (rows[0]?.found === null) {
      throw new GoodfenceError('environment', `There is no inbox in the database that ${variable} names.`, {
        mend: 'name the database, and the schema in its search path, that the receiver fills',
      })
    }
    return await work(createPostgresInbox<PoolClient>({ pool }))
  } catch (error) {
    // What `pg` says may hold the URL with its password.
    if (error instanceof GoodfenceError) throw error
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new GoodfenceError(
      'environment',
      `The database that ${variable} names cannot be read${code}.`,
      { mend: 'see that the server runs and that the URL is right' },
      { cause: error },
    )
  } finally {
    await pool.end()
  }
}

async function loadPool() {
  try {
    return (await import('pg')).default.Pool
  } catch (cause) {
    throw new GoodfenceError(
      'environment',
      'An inbox in PostgreSQL needs the package pg.',
      { mend: 'npm install pg' },
      { cause },
    )
  }
}
