import { GoodfenceError } from '../../core/errors.ts'
import { type SqlRow } from './sql-row.ts'

/** A statement. One with a name is parsed and planned once on each connection. */
export type PostgresQuery = string | { readonly name: string; readonly text: string }

/** What the inbox uses of an answer of `pg`. `command` says what was done, which for `COMMIT` may be `ROLLBACK`. */
export interface PostgresAnswer {
  readonly rows: SqlRow[]
  readonly rowCount: number | null
  readonly command?: string
}

/** What the inbox uses of a client of `pg`. */
export interface PostgresClient {
  query(query: PostgresQuery, values?: unknown[]): Promise<PostgresAnswer>
  release(destroy?: boolean): void
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/** What the inbox uses of a pool of `pg`. */
export interface PostgresPool<Client extends PostgresClient> {
  connect(): Promise<Client>
}

/** Ways to use a pool. */
export interface Connections<Client> {
  /** Runs `work` on a client of its own; a client that failed is not used again. */
  readonly connected: <Result>(work: (client: Client) => Promise<Result>) => Promise<Result>
  /** Runs `work` in a transaction: commits when it resolves, and when it rejects nothing happened. */
  readonly transaction: <Result>(work: (client: Client) => Promise<Result>) => Promise<Result>
}

/** Makes the ways to use a pool. */
export function connections<Client extends PostgresClient>(pool: PostgresPool<Client>): Connections<Client> {
  async function borrow(): Promise<Client> {
    const client = await pool.connect()
    client.on('error', heard)
    return client
  }

  function giveBack(client: Client, broken: boolean): void {
    client.off('error', heard)
    client.release(broken)
  }

  async function connected<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const client = await borrow()
    let broken = true
    try {
      const result = await work(client)
      broken = false
      return result
    } finally {
      giveBack(client, broken)
    }
  }

  async function transaction<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
    const client = await borrow()
    let broken = false
    try {
      return await inTransaction(
        client,
        () => work(client),
        () => (broken = true),
      )
    } catch (error) {
      // Someone threw its prepared statements away, and `pg` goes on believing that they are there.
      if (codeOf(error) === unknownStatement) broken = true
      throw error
    } finally {
      giveBack(client, broken)
    }
  }

  return { connected, transaction }
}

/**
 * Runs `work` in a transaction of this client. Rejects with `usage` when `work` resolved although one of its statements had
 * failed. `lost` is called when it could not even be rolled back.
 */
export async function inTransaction<Result>(
  client: PostgresClient,
  work: () => Promise<Result>,
  lost: () => void = () => {},
): Promise<Result> {
  try {
    // A wait for a lock is of use only where the next statement sees what was committed meanwhile.
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    const result = await work()
    const { command } = await client.query('COMMIT')
    // A transaction in which a statement failed cannot be committed, and the server says so by this alone.
    if (command === 'ROLLBACK') throw spoiled()
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(lost)
    throw codeOf(error) === inFailedTransaction ? spoiled({ cause: error }) : error
  }
}

/** What the server says to a prepared statement that it does not have. */
const unknownStatement = '26000'

/** What the server says to every statement after one that failed. */
const inFailedTransaction = '25P02'

/** The code of an error that the server, or its connection, failed with. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function spoiled(options?: ErrorOptions): GoodfenceError<'usage'> {
  return new GoodfenceError(
    'usage',
    'PostgreSQL rolled a transaction back that was to be committed: one of its statements had failed, and the error was caught.',
    {
      mend: 'let the error through; where it is expected use ON CONFLICT DO NOTHING, or a savepoint around the statement',
    },
    options,
  )
}

/** A client that loses its server also says so by an event, which ends the process when nobody hears it. Its queries reject. */
function heard(): void {}
