import { Pool, type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { arrived } from '../suites/inbox-store.ts'
import { findServer } from '../support/find-server.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
const variable = 'GOODFENCE_TEST_INBOX_URL'
afterAll(async () => {
  delete process.env[variable]
  await server?.[Symbol.asyncDispose]()
})

async function run(...args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
  const written = { out: '', errors: '' }
  const code = await runCli(['webhook', ...args, '--postgres-env', variable], {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.errors += text) },
    cwd: '/',
    colour: false,
    signal: new AbortController().signal,
  })
  return { code, ...written }
}

/** A pool on an empty schema, to which the environment variable leads as well. */
async function emptySchema(): Promise<Pool> {
  const { url, newSchema } = server as PostgresServer
  const there = new URL(url)
  there.searchParams.set('options', `-c search_path=${await newSchema()}`)
  process.env[variable] = there.href
  return new Pool({ connectionString: there.href, max: 1 })
}

describe.runIf(server !== undefined)('an inbox in PostgreSQL on the command line', () => {
  test.each([['inbox'], ['replay', '--dry-run']])('%s leaves a database without one as it is', async (...args) => {
    const pool = await emptySchema()
    expect(await run(...args)).toEqual({
      code: 2,
      out: '',
      errors: expect.stringContaining(`There is no inbox in the database that ${variable} names`),
    })
    const { rows } = await pool.query(
      'SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace',
    )
    expect(rows).toEqual([])
    await pool.end()
  })

  test('is shown, and what is dead replayed', async () => {
    const pool = await emptySchema()
    const inbox = createPostgresInbox<PoolClient>({ pool })
    await inbox.put([arrived('a')])
    const [claim] = (await inbox.claim({ owner: 'w', limit: 1, leaseMs: 1_000 })).claims
    if (claim !== undefined) await inbox.settle(claim, { kind: 'dead', error: 'TypeError' })
    expect(await run('inbox')).toMatchObject({ code: 1, out: expect.stringContaining('1 dead') })
    expect(await run('replay', '--reason', 'fixed')).toMatchObject({ code: 0, out: 'requeued 1 dead event\n' })
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ dead: 0, ready: 1 })
    await pool.end()
  })
})
