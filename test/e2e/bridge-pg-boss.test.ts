import { type PoolClient } from 'pg'
import { type Job, PgBoss } from 'pg-boss'
import { afterAll, describe, expect, test } from 'vitest'
import { type Boss, eventOfJob, type JobData, pgBossHandOff } from '../../src/webhooks/bridges/pg-boss.ts'
import { type Handler } from '../../src/webhooks/handler.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { arrived } from '../suites/inbox-store.ts'
import { findServer } from '../support/find-server.ts'
import { crashAndRepeat } from '../support/handing-over.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
const started: PgBoss[] = []
afterAll(async () => {
  for (const boss of started) await boss.stop({ graceful: false })
  await server?.[Symbol.asyncDispose]()
})

/** A boss in a schema of its own, with a queue of that policy. */
async function start(policy: 'standard' | 'short' | 'key_strict_fifo' = 'standard') {
  const { url, newSchema } = server as PostgresServer
  const schema = await newSchema()
  const boss = new PgBoss({ connectionString: url, schema, supervise: false, schedule: false })
  started.push(await boss.start())
  await boss.createQueue('webhooks', { policy })
  const jobs = () => boss.findJobs<JobData>('webhooks')
  return { url, schema, boss, jobs }
}

const laterMs = 60_000

describe.runIf(server !== undefined)('events handed to pg-boss', () => {
  test('arrive as they were received, and are done', async () => {
    const { boss } = await start()
    const inbox = createMemoryInbox()
    const body = Uint8Array.from([0xef, 0xbb, 0xbf, 0, 255, 0x7b, 0xc3, 0x28])
    await inbox.put([arrived('evt_1'), arrived('evt_2', { body, account: 'acct_1', occurredAtMs: 5 })])

    await createWorker({ inbox, handle: pgBossHandOff({ boss, queue: 'webhooks' }) }).drain()

    const fetched = await boss.fetch<JobData>('webhooks', { batchSize: 5 })
    const events = fetched.map(({ data }) => eventOfJob(data)).toSorted((a, b) => a.id.localeCompare(b.id))
    expect(events[0]).toMatchObject({ id: 'evt_1', provider: 'stripe', type: 'test.event', data: { id: 'evt_1' } })
    expect(events[1]).toMatchObject({ id: 'evt_2', account: 'acct_1', occurredAtMs: 5, body, data: undefined })
    expect((await inbox.inspect()).counts).toMatchObject({ done: 2 })
  })

  test('are not done before pg-boss has them', async () => {
    const { boss, jobs } = await start()
    let away = true
    const flaky: Boss = {
      findJobs: (queue, options) => boss.findJobs(queue, options),
      async send(queue, data, options) {
        if (!away) return boss.send(queue, data, options)
        away = false
        throw new Error('connect ECONNREFUSED')
      },
    }
    const inbox = createMemoryInbox()
    await inbox.put([arrived('evt_1')])
    const outcomes: string[] = []

    const handle = pgBossHandOff({ boss: flaky, queue: 'webhooks' })
    await createWorker({ inbox, handle, pausesMs: [0], log: (line) => outcomes.push(line.outcome) }).drain()

    expect(outcomes).toEqual(['retry', 'done'])
    expect(await jobs()).toHaveLength(1)
  })

  test('are tried again when the policy of the queue turns them away', async () => {
    const { boss, jobs } = await start('short')
    const inbox = createMemoryInbox()
    await inbox.put([arrived('evt_1'), arrived('evt_2')])

    const handle = pgBossHandOff({ boss, queue: 'webhooks' })
    await createWorker({ inbox, handle, concurrency: 1, pausesMs: [laterMs] }).drain()

    expect(await jobs()).toHaveLength(1)
    expect((await inbox.inspect({ states: ['ready'] })).events[0]).toMatchObject({
      eventId: 'evt_2',
      lastError: 'environment',
    })
  })

  test('become another job when somebody has them done again', async () => {
    const { boss, jobs } = await start()
    const inbox = createMemoryInbox()
    await inbox.put([arrived('evt_1')])
    const worker = createWorker({ inbox, handle: pgBossHandOff({ boss, queue: 'webhooks' }) })
    await worker.drain()

    await inbox.requeue({}, { by: 'ann', reason: 'why', force: true })
    await worker.drain()

    expect(await jobs()).toHaveLength(2)
  })

  test('keep their order by key, and one key does not hold up another', async () => {
    const { boss } = await start('key_strict_fifo')
    const inbox = createMemoryInbox()
    await inbox.put(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'].map((id) => arrived(id, { lane: id.charAt(0) })))
    const options = ({ id }: { readonly id: string }) => ({ singletonKey: id.charAt(0) })
    await createWorker({ inbox, handle: pgBossHandOff({ boss, queue: 'webhooks', options }), concurrency: 1 }).drain()

    const batches: string[][] = []
    for (let batch: Job<JobData>[] = []; batches.length < 4;) {
      batch = await boss.fetch<JobData>('webhooks', { batchSize: 6 })
      if (batch.length === 0) break
      batches.push(batch.map(({ data }) => data.id).toSorted())
      for (const { id } of batch) await boss.complete('webhooks', id)
    }

    expect(batches).toEqual([
      ['a1', 'b1'],
      ['a2', 'b2'],
      ['a3', 'b3'],
    ])
  })

  test('give one job when the process dies after pg-boss took it and before the inbox knows', async () => {
    const { url, schema, jobs } = await start()
    const seen = await crashAndRepeat({ engine: 'pg-boss', url, name: schema, die: 'before', jobs })
    expect(seen).toEqual({ jobsAfterCrash: 1, jobsAfterRepeat: 1, jobsAfterAnother: 1 })
  })
})

describe.runIf(server !== undefined)('events handed to pg-boss in the transaction that settles them', () => {
  async function startAtomic() {
    const { boss, jobs } = await start()
    const inbox = createPostgresInbox<PoolClient>({ pool: await (server as PostgresServer).newPool() })
    await inbox.put([arrived('evt_1')])
    return { boss, jobs, inbox, handle: pgBossHandOff({ boss, queue: 'webhooks', atomic: true }) }
  }

  test('become a job when they are done', async () => {
    const { inbox, handle, jobs } = await startAtomic()
    await createWorker<PoolClient>({ inbox, handle }).drain()
    expect((await jobs()).map(({ data }) => data.id)).toEqual(['evt_1'])
    expect((await inbox.inspect()).counts).toMatchObject({ done: 1 })
  })

  test('leave no job behind when the settling fails', async () => {
    const { inbox, handle, jobs } = await startAtomic()
    const failing: Handler<PoolClient> = async (event, context) => {
      await handle(event, context)
      context.effect(() => {
        throw new Error('after the job was made')
      })
    }
    await createWorker<PoolClient>({ inbox, handle: failing, pausesMs: [laterMs] }).drain()
    expect(await jobs()).toEqual([])
    expect((await inbox.inspect()).counts).toMatchObject({ ready: 1, done: 0 })
  })

  test('leave no job behind when the process dies in the middle, and one when it is repeated', async () => {
    const { url, schema, jobs } = await start()
    const seen = await crashAndRepeat({ engine: 'pg-boss-atomic', url, name: schema, die: 'within', jobs })
    expect(seen).toEqual({ jobsAfterCrash: 0, jobsAfterRepeat: 1, jobsAfterAnother: 1 })
  })
})
