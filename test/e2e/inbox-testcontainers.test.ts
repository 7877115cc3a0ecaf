import { type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { arrived } from '../suites/inbox-store.ts'
import { hasDocker, postgresContainer, type PostgresServer } from '../support/postgres-server.ts'

const server = (await hasDocker()) ? await postgresContainer() : undefined
if (server === undefined) console.info('Skipped the inbox in a container: no Docker engine answers.')
afterAll(() => server?.[Symbol.asyncDispose]())

describe.runIf(server !== undefined)('an inbox on a PostgreSQL server in a container', () => {
  test('has each of many events handled once by workers that share it', async () => {
    const pool = await (server as PostgresServer).newPool()
    await pool.query('CREATE TABLE effects (id TEXT)')
    const inbox = createPostgresInbox<PoolClient>({ pool })
    const ids = Array.from({ length: 50 }, (_, index) => `evt_${index}`)
    await Promise.all([...ids, ...ids].map((id) => inbox.put([arrived(id)])))

    const workers = Array.from({ length: 3 }, () =>
      createWorker({
        inbox,
        concurrency: 2,
        handle: (event, context) =>
          context.effect(async (client) => void (await client.query('INSERT INTO effects VALUES ($1)', [event.id]))),
      }),
    )
    await Promise.all(workers.map((worker) => worker.drain()))

    const { rows } = await pool.query<{ id: string }>('SELECT id FROM effects')
    expect(rows.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  })
})
