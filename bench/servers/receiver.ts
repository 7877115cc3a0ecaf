/** A receiver of Stripe's webhooks over an SQLite file, the first argument: what is accepted outlives a power cut. */
import { serve } from '../../src/adapters/node-server.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { benchSecret } from '../delivery-load.ts'

const inbox = createSqliteInbox({ database: process.argv[2] as string })
if (inbox.guarantees.survives !== 'power-cut') throw new Error('The inbox is not as durable as the row says.')
const { url } = await serve(createReceiver({ provider: stripe, secrets: [benchSecret], inbox }))
process.stdout.write(`listening on ${url}\n`)
