import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { toNodeListener } from '../../src/adapters/node-server.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { type Inbox } from '../../src/webhooks/inbox.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createPostgresInbox } from '../../src/webhooks/stores/postgres.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { findServer } from '../support/find-server.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
const folder = mkdtempSync(join(tmpdir(), 'goodfence-copies-'))
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server?.[Symbol.asyncDispose]()
})

const secret = 'whsec_copies'
const stores: readonly (readonly [string, () => Promise<readonly [Inbox<never>, Inbox<never>]>])[] = [
  [
    'SQLite',
    async () => {
      const database = join(folder, 'inbox.db')
      return [createSqliteInbox({ database }), createSqliteInbox({ database })]
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const pool = await (server as PostgresServer).newPool()
      return [createPostgresInbox<PoolClient>({ pool }), createPostgresInbox<PoolClient>({ pool })]
    },
  ],
]

describe.each(stores)('sixteen copies of one delivery that arrive at once at two receivers on %s', (store, open) => {
  test.runIf(store === 'SQLite' || server !== undefined)('are one event, and sixteen times 2xx', async () => {
    const inboxes = await open()
    const servers = inboxes.map((inbox) =>
      createServer(toNodeListener(createReceiver({ provider: stripe, secrets: [secret], inbox }))).listen(
        0,
        '127.0.0.1',
      ),
    )
    const body = new TextEncoder().encode('{"id":"evt_1","type":"payment_intent.succeeded"}')
    const { headers } = sign(stripe.webhooks.scheme, { secret, body, timestampMs: Date.now() })
    const urls = await Promise.all(
      servers.map(async (each) => {
        if (!each.listening) await once(each, 'listening')
        return `http://127.0.0.1:${(each.address() as AddressInfo).port}/hooks`
      }),
    )
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, at) => {
        const response = await fetch(urls[at % 2] as string, { method: 'POST', headers, body })
        return [response.status, ((await response.json()) as { duplicate?: boolean }).duplicate === true] as const
      }),
    )
    expect(answers.map(([status]) => status)).toEqual(Array<number>(16).fill(200))
    expect(answers.filter(([, duplicate]) => !duplicate)).toHaveLength(1)
    expect((await inboxes[0].inspect()).counts).toMatchObject({ ready: 1, conflict: 0 })

    for (const each of servers) {
      each.closeAllConnections()
      each.close()
    }
    for (const inbox of inboxes) await inbox[Symbol.asyncDispose]()
  })
})
