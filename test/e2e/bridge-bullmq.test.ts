import { Queue } from 'bullmq'
import { afterAll, describe, expect, test } from 'vitest'
import { bullMqHandOff, eventOfJob, type JobData } from '../../src/webhooks/bridges/bullmq.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { arrived } from '../suites/inbox-store.ts'
import { findServer } from '../support/find-server.ts'
import { crashAndRepeat } from '../support/handing-over.ts'
import { redis, type RedisServer } from '../support/redis-server.ts'

const server = await findServer(redis)
const opened: Queue<JobData>[] = []
afterAll(async () => {
  for (const queue of opened) await queue.close()
  await server?.[Symbol.asyncDispose]()
})

/** A queue under a prefix of its own. */
async function start() {
  const { url, connect, newPrefix } = server as RedisServer
  const prefix = newPrefix()
  const queue = new Queue<JobData>('webhooks', { connection: await connect(), prefix })
  opened.push(queue)
  return { url, prefix, queue, jobs: () => queue.getJobs(['waiting']) }
}

describe.runIf(server !== undefined)('events handed to BullMQ', () => {
  test('arrive as they were received, named after their type, and are done', async () => {
    const { queue, jobs } = await start()
    const inbox = createMemoryInbox()
    const body = Uint8Array.from([0xef, 0xbb, 0xbf, 0, 255, 0x7b, 0xc3, 0x28])
    await inbox.put([arrived('evt_1', { body, account: 'acct:1', occurredAtMs: 5 })])

    await createWorker({ inbox, handle: bullMqHandOff({ queue, options: () => ({ attempts: 7 }) }) }).drain()

    const [job] = await jobs()
    expect(job).toMatchObject({ name: 'test.event', opts: { attempts: 7 } })
    expect(eventOfJob(job?.data as JobData)).toMatchObject({ id: 'evt_1', account: 'acct:1', occurredAtMs: 5, body })
    expect((await inbox.inspect()).counts).toMatchObject({ done: 1 })
  })

  test('are not done while BullMQ does not answer', async () => {
    const inbox = createMemoryInbox()
    await inbox.put([arrived('evt_1')])
    const queue = { add: () => Promise.reject(new Error('connect ECONNREFUSED')) }

    await createWorker({ inbox, handle: bullMqHandOff({ queue }), pausesMs: [60_000] }).drain()

    expect((await inbox.inspect()).counts).toMatchObject({ ready: 1, done: 0 })
  })

  test('become another job when somebody has them done again', async () => {
    const { queue, jobs } = await start()
    const inbox = createMemoryInbox()
    await inbox.put([arrived('evt_1')])
    const worker = createWorker({ inbox, handle: bullMqHandOff({ queue }) })
    await worker.drain()

    await inbox.requeue({}, { by: 'ann', reason: 'why', force: true })
    await worker.drain()

    expect(await jobs()).toHaveLength(2)
  })

  test('are handed over in the order of their lane', async () => {
    const { queue, jobs } = await start()
    const inbox = createMemoryInbox()
    const ids = ['a1', 'b1', 'a2', 'b2', 'a3', 'b3']
    await inbox.put(ids.map((id) => arrived(id, { lane: id.charAt(0) })))

    await createWorker({ inbox, handle: bullMqHandOff({ queue }) }).drain()

    const handed = (await jobs()).toReversed().map(({ data }) => data.id)
    for (const lane of ['a', 'b']) {
      expect(handed.filter((id) => id.startsWith(lane))).toEqual(ids.filter((id) => id.startsWith(lane)))
    }
  })

  test('give one job when the process dies after BullMQ took it and before the inbox knows', async () => {
    const { url, prefix, jobs } = await start()
    const seen = await crashAndRepeat({ engine: 'bullmq', url, name: prefix, die: 'before', jobs })
    expect(seen).toEqual({ jobsAfterCrash: 1, jobsAfterRepeat: 1, jobsAfterAnother: 1 })
  })
})
