/** A receiver or a worker on an inbox in PostgreSQL. Usage: node postgres-node.ts receiver|worker URL SCHEMA */
import { Pool, type PoolClient } from 'pg'
import { serve } from '../../src/adapters/node-server.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { benchSecret } from '../delivery-load.ts'

const [role, connectionString, schema] = process.argv.slice(2) as [string, string, string]
const pool = new Pool({ connectionString, options: `-c search_path=${schema}`, max: 4 })
const inbox = createPostgresInbox<PoolClient>({ pool })

if (role === 'receiver') {
  const { url } = await serve(createReceiver({ provider: stripe, secrets: [benchSecret], inbox }))
  process.stdout.write(`listening on ${url}\n`)
} else {
  const worker = createWorker({
    inbox,
    pollMs: 100,
    handle: (event, context) =>
      context.effect(async (client) => void (await client.query('INSERT INTO effects VALUES ($1)', [event.id]))),
  })
  worker.start()
  process.stdout.write('listening on PostgreSQL\n')
}
