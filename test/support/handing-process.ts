import { Queue } from 'bullmq'
import { Pool, type PoolClient } from 'pg'
import { PgBoss } from 'pg-boss'
import { createClient } from 'redis'
import { systemClock } from '../../src/core/clock.ts'
import { bullMqHandOff } from '../../src/webhooks/bridges/bullmq.ts'
import { pgBossHandOff } from '../../src/webhooks/bridges/pg-boss.ts'
import { type Handler } from '../../src/webhooks/handler.ts'
import { type Inbox } from '../../src/webhooks/inbox.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { createWorker } from '../../src/webhooks/worker.ts'

/**
 * A process that hands one event over to an engine, and ends itself with SIGKILL when the engine has taken it and the
 * inbox has not yet heard: before the settling, in its middle, or never. Each run's clock begins a minute later, so the
 * leases of the dead have run out.
 *
 * Usage: node handing-process.ts ENGINE SERVER_URL SCHEMA_OR_PREFIX INBOX_FILE RUN before|within|never
 */
const [engine, url, name, file, run, die] = process.argv.slice(2) as [string, string, string, string, string, string]
const clock = { ...systemClock, now: () => 1_767_225_600_000 + Number(run) * 60_000 }

const dies = (moment: string) => {
  if (die === moment) process.kill(process.pid, 'SIGKILL')
}

async function handOver<Transaction>(store: Inbox<Transaction>, handle: Handler<Transaction>): Promise<void> {
  const inbox: Inbox<Transaction> = {
    ...store,
    settle(...settling) {
      dies('before')
      return store.settle(...settling)
    },
  }
  const body = Uint8Array.from(Buffer.from('{"id":"evt_1"}'))
  await inbox.put([{ provider: 'stripe', account: '', subscription: '', eventId: 'evt_1', type: 'test.event', body }])
  await createWorker({ inbox, handle, clock, maxCrashes: 9 }).drain()
}

async function boss(): Promise<PgBoss> {
  const started = new PgBoss({ connectionString: url, schema: name, supervise: false, schedule: false })
  return started.start()
}

if (engine === 'bullmq') {
  const connection = await createClient({ url }).connect()
  const queue = new Queue('webhooks', { connection, prefix: name })
  await handOver(createSqliteInbox({ database: file, clock }), bullMqHandOff({ queue }))
} else if (engine === 'pg-boss') {
  const handle = pgBossHandOff({ boss: await boss(), queue: 'webhooks' })
  await handOver(createSqliteInbox({ database: file, clock }), handle)
} else {
  const pool = new Pool({ connectionString: url, options: `-c search_path=${name}`, max: 2 })
  const handle = pgBossHandOff({ boss: await boss(), queue: 'webhooks', atomic: true })
  await handOver(createPostgresInbox<PoolClient>({ pool, clock }), async (event, context) => {
    await handle(event, context)
    context.effect(() => dies('within'))
  })
}
process.exit(0)
