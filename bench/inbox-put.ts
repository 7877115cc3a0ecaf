import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { PgBoss } from 'pg-boss'
import { createSqliteInbox } from '../src/webhooks/stores/sqlite.ts'
import { findServer } from '../test/support/find-server.ts'
import { postgres } from '../test/support/postgres-server.ts'
import { redis, type RedisServer } from '../test/support/redis-server.ts'
import { payload } from './delivery-load.ts'
import { startDurableRedis } from './durable-redis.ts'
import { median, ratios, spread } from './measure.ts'
import { type Row } from './row.ts'

/** Takes an event of two kilobytes, for good. */
type Take = (id: string, body: Buffer<ArrayBuffer>) => Promise<unknown>

/** Made before anything is timed: what is compared is the taking. */
const bodies = Array.from({ length: 64 }, (_, index) => payload(`evt_${index}`))

/** How many events a second the embedded inbox takes, beside what pg-boss and BullMQ take on servers of this machine. */
export async function rows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'goodfence-bench-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(folder, { recursive: true }))
  const inbox = stack.use(createSqliteInbox({ database: join(folder, 'inbox.db') }))
  const put: Take = (eventId, body) =>
    inbox.put([{ provider: 'stripe', account: '', subscription: '', eventId, type: 'payment_intent.succeeded', body }])
  const engines = {
    'pg-boss': await pgBoss(stack),
    bullmq: await bullMq(stack, stack.use(await findServer(redis))),
    'bullmq-durable': await bullMq(stack, await startDurableRedis(stack, folder)),
  }

  const found: Row[] = []
  for (const [name, take] of Object.entries(engines)) {
    if (take === undefined) continue
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = -1; round < 7; round++) {
      const [our, their] = [await rate(put, `${name}${round}`), await rate(take, `${name}${round}`)]
      if (round >= 0) ours.push(our)
      if (round >= 0) theirs.push(their)
    }
    const versus = `${name} ${median(theirs)}/s, our put on SQLite ${median(ours)}/s, 32 in flight, 2 KB`
    const times = ratios(ours, theirs)
    found.push({ name: `receiver-vs-${name}`, value: median(times), unit: 'x', versus, spread: spread(times) })
  }
  return found
}

/** Events a second, 32 in flight, over one second. */
async function rate(take: Take, prefix: string): Promise<number> {
  const startedMs = performance.now()
  let taken = 0
  const run = async () => {
    while (performance.now() - startedMs < 1_000) {
      const body = bodies[taken % bodies.length] as Buffer<ArrayBuffer>
      await take(`evt_${prefix}_${taken++}`, body)
    }
  }
  await Promise.all(Array.from({ length: 32 }, run))
  return (taken * 1_000) / (performance.now() - startedMs)
}

/** As their documentation has it: pg-boss's own pool, and a job of the parsed payload. */
async function pgBoss(stack: AsyncDisposableStack): Promise<Take | undefined> {
  const server = await findServer(postgres)
  if (server === undefined) return undefined
  stack.use(server)
  const boss = new PgBoss({ connectionString: server.url, schema: await server.newSchema(), supervise: false })
  await boss.start()
  stack.defer(() => boss.stop({ graceful: false }))
  await boss.createQueue('webhooks')
  return (_id, body) => boss.send('webhooks', { body: body.toString() })
}

async function bullMq(stack: AsyncDisposableStack, server: RedisServer | undefined): Promise<Take | undefined> {
  if (server === undefined) return undefined
  const queue = new Queue('webhooks', { connection: await server.connect(), prefix: server.newPrefix() })
  stack.defer(() => queue.close())
  return (_id, body) => queue.add('event', { body: body.toString() })
}
