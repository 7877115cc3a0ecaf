import { createConnection } from 'node:net'
import { Pool } from 'pg'
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers'

/** A PostgreSQL server for one test file. */
export interface PostgresServer extends AsyncDisposable {
  /** A pool whose search path is a schema of its own, gone when the server is disposed of. */
  newPool(): Promise<Pool>
}

/** Where a server listens without being asked for, as in CI: trust authentication, a database named test. */
const localUrl = 'postgres://postgres:postgres@127.0.0.1:5432/test'

/**
 * The address of a server that is there: the one the environment names, which must answer, or the usual
 * local one; `undefined` when there is none.
 */
export async function runningPostgres(): Promise<string | undefined> {
  const named = process.env['GOODFENCE_TEST_POSTGRES_URL']
  if (named !== undefined && named !== '') return named
  return (await isListening(5432)) ? localUrl : undefined
}

/** Whether a Docker engine answers. */
export async function hasDocker(): Promise<boolean> {
  try {
    await getContainerRuntimeClient()
    return true
  } catch {
    return false
  }
}

/** Uses the server at this address. */
export function postgresAt(connectionString: string, stop = async () => {}): PostgresServer {
  const admin = new Pool({ connectionString, max: 1 })
  const pools: { readonly pool: Pool; readonly schema: string }[] = []
  return {
    async newPool() {
      const schema = `goodfence_test_${process.pid}_${pools.length}`
      await admin.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`)
      const pool = new Pool({ connectionString, options: `-c search_path=${schema}`, max: 8 })
      pools.push({ pool, schema })
      return pool
    },
    async [Symbol.asyncDispose]() {
      for (const { pool, schema } of pools) {
        await pool.end()
        await admin.query(`DROP SCHEMA ${schema} CASCADE`)
      }
      await admin.end()
      await stop()
    },
  }
}

/** Starts a server in a container of its own. */
export async function postgresContainer(): Promise<PostgresServer> {
  const container = await new GenericContainer(process.env['GOODFENCE_TEST_POSTGRES_IMAGE'] ?? 'postgres:17-alpine')
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres', POSTGRES_DB: 'test' })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start()
  const url = `postgres://postgres:postgres@${container.getHost()}:${container.getMappedPort(5432)}/test`
  return postgresAt(url, async () => void (await container.stop()))
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 1_000 })
    const end = (listening: boolean) => {
      socket.destroy()
      resolve(listening)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
