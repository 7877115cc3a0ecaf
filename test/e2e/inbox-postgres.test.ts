import { type Pool, type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Claim, type Inbox } from '../../src/webhooks/inbox.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { claimText } from '../../src/webhooks/stores/postgres-text.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { arrived, inboxLaws } from '../suites/inbox-store.ts'
import { sameAsMemory } from '../suites/same-as-memory.ts'
import { findServer } from '../support/find-server.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
afterAll(() => server?.[Symbol.asyncDispose]())

describe.runIf(server !== undefined)('on a real server', () => {
  const newPool = () => (server as PostgresServer).newPool()
  const pools = new WeakMap<Inbox<PoolClient>, Pool>()

  inboxLaws<PoolClient>({
    name: 'PostgreSQL',
    async open(options) {
      const pool = await newPool()
      await pool.query('CREATE TABLE effects (id INTEGER)')
      const inbox = createPostgresInbox<PoolClient>({ ...options, pool })
      pools.set(inbox, pool)
      return inbox
    },
    effects: {
      write: async (client) => void (await client.query('INSERT INTO effects VALUES (1)')),
      count: async (inbox) => Number((await pools.get(inbox)?.query('SELECT count(*) FROM effects'))?.rows[0]?.count),
    },
  })

  let emptied: Promise<Pool> | undefined
  sameAsMemory(
    'PostgreSQL',
    async (clock) => {
      const pool = await (emptied ??= newPool())
      const inbox = createPostgresInbox({ pool, clock })
      await inbox.inspect({ limit: 0 })
      await pool.query('TRUNCATE goodfence_inbox, goodfence_inbox_tombstone')
      return inbox
    },
    20,
  )

  test('takes its time from the server when it is given no clock', async () => {
    const inbox = createPostgresInbox({ pool: await newPool() })
    await inbox.put([arrived('a')])
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 60_000 })
    expect(claims).toHaveLength(1)
    expect(claims[0]?.event.receivedAtMs).toBeGreaterThan(1_767_225_600_000)
  })

  test('makes its tables once when many start at the same time', async () => {
    const pool = await newPool()
    const inboxes = Array.from({ length: 6 }, () => createPostgresInbox({ pool }))
    const results = await Promise.all(inboxes.map((inbox) => inbox.put([arrived('a')])))
    expect(results.flat().toSorted()).toEqual([...Array<string>(5).fill('duplicate'), 'inserted'])
  })

  test('takes batches that hold the same events in different order', async () => {
    const pool = await newPool()
    const inbox = createPostgresInbox({ pool })
    const events = Array.from({ length: 30 }, (_, index) => arrived(`e${index}`))
    const batches = [events, events.toReversed(), events.toSorted(() => 1), events.toReversed()]
    const results = await Promise.all(batches.map((batch) => inbox.put(batch)))
    expect(results.flat().filter((result) => result === 'inserted')).toHaveLength(30)
  })

  test('has each of many events handled once by workers that share it', async () => {
    const pool = await newPool()
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

  test('stores all but the one that it cannot, of events that are put at once', async () => {
    const inbox = createPostgresInbox({ pool: await newPool() })
    const ids = Array.from({ length: 20 }, (_, at) => (at === 10 ? 'no text of PostgreSQL\0' : `e${at}`))
    const results = await Promise.allSettled(ids.map((id) => inbox.put([arrived(id)])))
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([results[10]])
    expect((await inbox.inspect({ limit: 0 })).counts).toMatchObject({ ready: 19 })
  })

  test('tells apart what arrives at once under one key', async () => {
    const inbox = createPostgresInbox({ pool: await newPool() })
    await inbox.put([arrived('known')])
    const other = Uint8Array.from([1])
    const put = async (id: string, more = {}) => (await inbox.put([arrived(id, more)]))[0]
    const copies = () => [put('known'), put('known', { body: other }), put('new'), put('new')]
    expect(await Promise.all([put('first'), put('second'), ...copies()])).toEqual([
      'inserted',
      'inserted',
      'duplicate',
      'conflict',
      'inserted',
      'duplicate',
    ])
  })

  test('keeps to its limit also when many events are put at once', async () => {
    const inbox = createPostgresInbox({ pool: await newPool(), maxUnfinished: 7 })
    await inbox.put([arrived('known')])
    const ids = ['known', ...Array.from({ length: 20 }, (_, at) => `e${at}`)]
    const results = (await Promise.all(ids.map((id) => inbox.put([arrived(id)])))).flat()
    expect(results[0]).toBe('duplicate')
    // Two are under way before there is anything to gather, and do not see each other.
    expect(results.filter((result) => result === 'full').length).toBeGreaterThanOrEqual(13)
  })

  test('answers a copy of an event whose effects are being made', { timeout: 10_000 }, async () => {
    const inbox = createPostgresInbox<PoolClient>({ pool: await newPool() })
    await inbox.put([arrived('a')])
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 60_000 })
    let answer: unknown
    await inbox.settle(claims[0] as Claim, { kind: 'done' }, async () => {
      answer = await inbox.put([arrived('a')])
    })
    expect(answer).toEqual(['duplicate'])
  })

  test.each([
    [true, 3],
    [false, 0],
  ])('has the statements of every event planned once on each connection: %s', async (prepare, expected) => {
    // One after the other, all is done on the first connection of the pool.
    const pool = await newPool()
    const inbox = createPostgresInbox<PoolClient>({ pool, prepare })
    for (const id of ['a', 'b']) {
      await inbox.put([arrived(id)])
      const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 60_000 })
      await inbox.settle(claims[0] as Claim, { kind: 'done' })
    }
    const named = await pool.query(`SELECT name FROM pg_prepared_statements WHERE name LIKE 'goodfence%'`)
    expect(named.rowCount).toBe(expected)
  })

  test('reads no more of the queue than it hands out, whatever the planner knows of the table', async () => {
    const pool = await newPool()
    await createPostgresInbox({ pool }).put([arrived('a')])
    await pool.query(
      `INSERT INTO goodfence_inbox (provider, account, subscription, event_id, type, state, body, body_hash, received_at_ms, due_at_ms)
       SELECT 'stripe', '', '', 'e' || n, '', CASE WHEN n % 4 = 0 THEN 'ready' ELSE 'done' END, '', '', n, n
       FROM generate_series(1, 20000) AS n`,
    )
    const client = await pool.connect()
    await client.query(`PREPARE claim AS ${claimText('(extract(epoch FROM clock_timestamp()) * 1000)::bigint')}`)
    for (const known of ['nothing', 'all']) {
      if (known === 'all') await client.query('ANALYZE goodfence_inbox')
      for (const mode of ['force_custom_plan', 'force_generic_plan']) {
        await client.query(`SET plan_cache_mode = ${mode}`)
        const { rows } = await client.query(`EXPLAIN EXECUTE claim('w', 60000, 3, 3, '{}', 0)`)
        const plan = rows.map((row: object) => Object.values(row)[0]).join('\n')
        expect(plan).toMatch(
          /Index Scan using goodfence_inbox_open on goodfence_inbox event .*\n *Index Cond: .*due_at_ms <=/,
        )
        expect(plan).not.toMatch(/Sort Key: (event|goodfence_inbox_1)\.due_at_ms/)
      }
    }
    client.release(true)
  })

  test('hands out at once, where nothing else is due, what a transaction of long ago made due', async () => {
    const clock = virtualClock({ startMs: 1_767_225_600_000 })
    const pool = await newPool()
    const inbox = createPostgresInbox({ pool, clock })
    const claim = () => inbox.claim({ owner: 'w', limit: 10, leaseMs: 60_000 })
    await claim()
    await inbox.put([arrived('a', { lane: 'L' }), arrived('b', { lane: 'L' })])
    await pool.query('UPDATE goodfence_inbox SET due_at_ms = due_at_ms - 60000')
    expect((await claim()).claims).toMatchObject([{ event: { eventId: 'a' } }])
    // The other waits for its lane, and is due.
    expect(await claim()).toEqual({ claims: [], nextDueAtMs: clock.now() - 60_000 })
  })

  test('hands out beside others, some seconds late, what a transaction of long ago made due', async () => {
    const clock = virtualClock({ startMs: 1_767_225_600_000 })
    const pool = await newPool()
    const inbox = createPostgresInbox({ pool, clock })
    const claim = async () => (await inbox.claim({ owner: 'w', limit: 10, leaseMs: 60_000 })).claims
    await claim()
    await inbox.put([arrived('a')])
    await pool.query('UPDATE goodfence_inbox SET due_at_ms = due_at_ms - 60000')
    await inbox.put([arrived('b')])
    await clock.advance(9_999)
    expect(await claim()).toMatchObject([{ event: { eventId: 'b' } }])
    await clock.advance(1)
    expect(await claim()).toMatchObject([{ event: { eventId: 'a' } }])
  })

  test('outlives the loss of a connection in the middle of an effect', async () => {
    const inbox = createPostgresInbox<PoolClient>({ pool: await newPool() })
    await inbox.put([arrived('a')])
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 60_000 })
    const [claim] = claims as [Claim]

    const settled = inbox.settle(claim, { kind: 'done' }, async (client) => {
      await client.query('SELECT pg_terminate_backend(pg_backend_pid())')
    })

    await expect(settled).rejects.toMatchObject({ code: '57P01' })
    expect(await inbox.settle(claim, { kind: 'done' })).toBe('settled')
  })

  test('refuses tables that a newer version made', async () => {
    const pool = await newPool()
    await createPostgresInbox({ pool }).inspect()
    await pool.query('UPDATE goodfence_schema SET version = 99')
    await expect(createPostgresInbox({ pool }).inspect()).rejects.toMatchObject({ code: 'environment' })
  })
})
