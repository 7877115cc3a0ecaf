/**
 * A process at work on an inbox in PostgreSQL: a receiver; a worker whose handler waits so many milliseconds before it makes
 * its effect; or bare calls of the inbox, so many events for each request.
 * Usage: node postgres-node.ts receiver|worker|bare URL SCHEMA [MS|EVENTS]
 */
import { setTimeout } from 'node:timers/promises'
import { Pool, type PoolClient } from 'pg'
import { serve } from '../../src/adapters/node-server.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { benchSecret, payload } from '../delivery-load.ts'

const [role, connectionString, schema, amount] = process.argv.slice(2) as [string, string, string, string]
const options = `-c search_path=${schema}`
const pool = new Pool({ connectionString, options, application_name: schema, max: 5 })
const inbox = createPostgresInbox<PoolClient>({ pool })
const effectOf = (id: string) => async (client: PoolClient) =>
  void (await client.query('INSERT INTO effects VALUES ($1)', [id]))

if (role === 'receiver') {
  const { url } = await serve(createReceiver({ provider: stripe, secrets: [benchSecret], inbox }))
  process.stdout.write(`listening on ${url}\n`)
} else if (role === 'bare') {
  const { url } = await serve(async () => {
    await Promise.all([...Array.from({ length: 8 }, () => putAll(Number(amount) / 8)), handleAll(Number(amount))])
    return new Response()
  })
  process.stdout.write(`listening on ${url}\n`)
} else {
  const worker = createWorker({
    inbox,
    pollMs: 100,
    async handle(event, context) {
      if (Number(amount) > 0) await setTimeout(Number(amount))
      context.effect(effectOf(event.id))
    },
  })
  worker.start()
  process.stdout.write('listening on PostgreSQL\n')
}

async function putAll(count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const eventId = crypto.randomUUID()
    const type = 'payment_intent.succeeded'
    await inbox.put([{ provider: 'stripe', account: '', subscription: '', eventId, type, body: payload(eventId) }])
  }
}

async function handleAll(count: number): Promise<void> {
  for (let left = count; left > 0;) {
    const { claims } = await inbox.claim({ owner: 'bare', limit: Math.min(left, 10), leaseMs: 30_000 })
    await Promise.all(claims.map((claim) => inbox.settle(claim, { kind: 'done' }, effectOf(claim.event.eventId))))
    left -= claims.length
    if (claims.length === 0) await setTimeout(5)
  }
}
