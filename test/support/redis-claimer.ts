import { createClient } from 'redis'
import { systemClock } from '../../src/core/clock.ts'
import { createRedisInbox } from '../../src/webhooks/stores/redis.ts'
import { createWorker } from '../../src/webhooks/worker.ts'

/**
 * A worker on an inbox in Redis that ends itself with SIGKILL in the middle of its first event.
 *
 * Usage: node redis-claimer.ts SERVER_URL PREFIX NOW_MS
 */
const [url, prefix, nowMs] = process.argv.slice(2) as [string, string, string]
const clock = { ...systemClock, now: () => Number(nowMs) }
const client = await createClient({ url }).connect()
const inbox = createRedisInbox({ client, prefix, clock })
await createWorker({ inbox, clock, handle: () => process.kill(process.pid, 'SIGKILL') && undefined }).drain()
