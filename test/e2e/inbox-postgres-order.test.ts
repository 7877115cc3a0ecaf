import { type Pool, type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { type Claim } from '../../src/webhooks/inbox.ts'
import { latest } from '../../src/webhooks/orders/latest.ts'
import { type OrderTable } from '../../src/webhooks/orders/order-table.ts'
import { createPostgresInbox, postgresEffectGuard, postgresNewest } from '../../src/webhooks/stores/postgres.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { goesOnFromFirstSchema } from '../suites/inbox-migration.ts'
import { arrived } from '../suites/inbox-store.ts'
import { findServer } from '../support/find-server.ts'
import { firstSchema } from '../support/first-schema.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
afterAll(() => server?.[Symbol.asyncDispose]())

describe.runIf(server !== undefined)('order in PostgreSQL', () => {
  const newPool = () => (server as PostgresServer).newPool()

  test('goes on with the tables of the first version', async () => {
    const pool = await newPool()
    await pool.query(firstSchema.PostgreSQL)
    await goesOnFromFirstSchema(createPostgresInbox<PoolClient>({ pool }))
  })

  test(
    'of a lane holds while many put, handle and settle at once, and no event is left parked',
    { timeout: 60_000 },
    async () => {
      const pool = await newPool()
      await pool.query('CREATE TABLE handled (at SERIAL, lane TEXT, n INTEGER)')
      const inbox = createPostgresInbox<PoolClient>({ pool })
      const lanes = ['a', 'b', 'c', 'd', 'e', 'f']
      const each = 40
      const workers = Array.from({ length: 3 }, () =>
        createWorker({
          inbox,
          concurrency: 2,
          pollMs: 5,
          pausesMs: Array<number>(20).fill(1),
          handle(event, context) {
            const [lane, n] = event.id.split('/')
            context.effect(async (client) => {
              await client.query('INSERT INTO handled (lane, n) VALUES ($1, $2)', [lane, n])
              if (context.attempt === 1 && Number(n) % 9 === 0) throw new Error('again')
            })
          },
        }),
      )
      for (const worker of workers) worker.start()
      // Each lane has one who puts, so that its order of arrival is known; settling races with it.
      await Promise.all(
        lanes.map(async (lane) => {
          for (let n = 0; n < each; n++) await inbox.put([arrived(`${lane}/${n}`, { lane, laneOrder: 'strict' })])
        }),
      )
      await expect
        .poll(async () => (await inbox.inspect({ limit: 0 })).counts.done, { timeout: 50_000 })
        .toBe(lanes.length * each)
      for (const worker of workers) await worker.stop()

      const { rows } = await pool.query<{ lane: string; n: number }>('SELECT lane, n FROM handled ORDER BY at')
      for (const lane of lanes) {
        expect(rows.filter((row) => row.lane === lane).map(({ n }) => n)).toEqual(
          Array.from({ length: each }, (_, n) => n),
        )
      }
    },
  )

  test('wakes an event that is put in the very moment that the one before it in its lane is settled', async () => {
    const inbox = createPostgresInbox({ pool: await newPool() })
    const lanes = Array.from({ length: 40 }, (_, at) => ({ lane: `lane${at}`, laneOrder: 'strict' as const }))
    await inbox.put(lanes.map((place) => arrived(`first in ${place.lane}`, place)))
    const { claims } = await inbox.claim({ owner: 'w', limit: 100, leaseMs: 60_000 })
    await Promise.all(
      lanes.flatMap((place, at) => [
        inbox.settle(claims[at] as Claim, { kind: 'done' }),
        inbox.put([arrived(`second in ${place.lane}`, place)]),
      ]),
    )
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ ready: lanes.length, held: 0 })
  })

  test('wakes a child whose parent is settled in the very moment that it is put', async () => {
    const pool = await newPool()
    const inbox = createPostgresInbox({ pool })
    const rounds = Array.from({ length: 40 }, (_, at) => at)
    await inbox.put(rounds.map((at) => arrived(`parent${at}`, { marker: `m${at}` })))
    const { claims } = await inbox.claim({ owner: 'w', limit: 100, leaseMs: 60_000 })
    await Promise.all(
      claims.flatMap((claim) => [
        inbox.settle(claim, { kind: 'done' }),
        inbox.put([
          arrived(`child of ${claim.event.eventId}`, {
            after: { marker: claim.event.marker as string, timeoutMs: 1e9 },
          }),
        ]),
      ]),
    )
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ ready: rounds.length, held: 0 })
  })

  test('takes no delivery for new while its event becomes a tombstone', async () => {
    const pool = await newPool()
    const inbox = createPostgresInbox({ pool })
    const ids = Array.from({ length: 300 }, (_, at) => `e${at}`)
    await inbox.put(ids.map((id) => arrived(id)))
    await pool.query(`UPDATE goodfence_inbox SET state = 'done', received_at_ms = received_at_ms - ${31 * 86_400_000}`)
    const [, ...results] = await Promise.all([
      inbox.prune(),
      ...ids.map((id) => inbox.put([arrived(id)])),
      ...ids.map((id) => inbox.put([arrived(id)])),
    ])
    expect(new Set(results.flat())).toEqual(new Set(['duplicate']))
    expect((await inbox.inspect()).events).toEqual([])
  })

  test('lets the newest version win, in the transaction of the effects', async () => {
    const pool = await newPool()
    await pool.query('CREATE TABLE things (key TEXT PRIMARY KEY, version INTEGER)')
    const inbox = createPostgresInbox<PoolClient>({ pool })
    const order: OrderTable<PoolClient> = {
      '*': latest<PoolClient>({
        key: () => 'thing',
        version: ({ data }) => Number((data as { id: string }).id),
        newest: postgresNewest(),
        onTie: 'dead',
      }),
    }
    await using worker = createWorker<PoolClient>({
      inbox,
      order,
      concurrency: 1,
      handle: (event, context) => {
        context.effect(async (client) => {
          await client.query(
            'INSERT INTO things VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET version = excluded.version',
            ['thing', Number(event.id)],
          )
        })
      },
    })
    await inbox.put(['3', '9', '4', '7'].map((id) => arrived(id)))
    await worker.drain({ untilEmpty: true })
    expect((await pool.query('SELECT version FROM things')).rows).toEqual([{ version: 9 }])
    expect((await inbox.inspect()).counts).toMatchObject({ done: 2, superseded: 2 })
  })

  test('guards effects in a database that is not the inbox’s own', async () => {
    const pool: Pool = await newPool()
    await pool.query('CREATE TABLE mails (id SERIAL)')
    const guards = Array.from({ length: 4 }, () => postgresEffectGuard<PoolClient>(pool))
    const event = { provider: 'stripe', account: '', subscription: '', id: 'evt_1' }
    const write = async (client: PoolClient) => void (await client.query('INSERT INTO mails DEFAULT VALUES'))
    const made = await Promise.all(
      guards.flatMap((guard) => [guard.once(event, 'mail', write), guard.once(event, 'mail', write)]),
    )
    expect(made.filter((result) => result === 'made')).toHaveLength(1)
    expect((await pool.query('SELECT count(*)::int AS count FROM mails')).rows).toEqual([{ count: 1 }])
    expect(await guards[0]?.forget(Number.MAX_SAFE_INTEGER)).toBe(1)
  })
})
