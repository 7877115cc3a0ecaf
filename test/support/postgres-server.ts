import { randomBytes } from 'node:crypto'
import { Client, Pool } from 'pg'
import { type ServerKind } from './find-server.ts'

/** A PostgreSQL server for one test file. */
export interface PostgresServer extends AsyncDisposable {
  readonly url: string
  /** Makes a schema of its own, gone when the server is disposed of. */
  newSchema(): Promise<string>
  /** A pool whose search path is a schema of its own. `settings` are the server's, as its command line takes them. */
  newPool(more?: { readonly max?: number; readonly settings?: string }): Promise<Pool>
}

/** PostgreSQL: trust authentication and a database named test, where it listens without being asked for. */
export const postgres: ServerKind<PostgresServer> = {
  name: 'PostgreSQL',
  variable: 'GOODFENCE_TEST_POSTGRES_URL',
  localUrl: 'postgres://postgres:postgres@127.0.0.1:5432/test',
  answers: isPostgres,
  at: (url) => postgresAt(url),
  inContainer: startContainer,
}

async function isPostgres(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    await client.end()
    return true
  } catch {
    return false
  }
}

function postgresAt(url: string, stop = async () => {}): PostgresServer {
  const admin = new Pool({ connectionString: url, max: 1 })
  const schemas: string[] = []
  const pools: Pool[] = []

  async function newSchema(): Promise<string> {
    const schema = `goodfence_test_${randomBytes(6).toString('hex')}`
    await admin.query(`CREATE SCHEMA ${schema}`)
    schemas.push(schema)
    return schema
  }

  return {
    url,
    newSchema,
    // The server has a hundred connections for all test files.
    async newPool({ max = 8, settings = '' } = {}) {
      const options = `-c search_path=${await newSchema()} ${settings}`
      const pool = new Pool({ connectionString: url, options, max, idleTimeoutMillis: 500 })
      pools.push(pool)
      return pool
    },
    async [Symbol.asyncDispose]() {
      for (const pool of pools) await pool.end()
      for (const schema of schemas) await admin.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
      await admin.end()
      await stop()
    },
  }
}

async function startContainer(): Promise<PostgresServer> {
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(process.env['GOODFENCE_TEST_POSTGRES_IMAGE'] ?? 'postgres:17-alpine')
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres', POSTGRES_DB: 'test' })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start()
  const url = `postgres://postgres:postgres@${container.getHost()}:${container.getMappedPort(5432)}/test`
  return postgresAt(url, async () => void (await container.stop()))
}
