import { type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { type Claim, type Inbox, type NewEvent } from '../../src/webhooks/inbox.ts'
import { createPostgresInbox, postgresNewest } from '../../src/webhooks/stores/postgres.ts'
import { arrived } from '../suites/inbox-store.ts'
import { findServer } from '../support/find-server.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
afterAll(() => server?.[Symbol.asyncDispose]())

describe.runIf(server !== undefined)('those who work in PostgreSQL at once', () => {
  const newPool: PostgresServer['newPool'] = (more) => (server as PostgresServer).newPool(more)
  const choice = { owner: 'w', limit: 10, leaseMs: 60_000 }

  /** Puts events and claims them all. */
  async function claimed(inbox: Inbox<PoolClient>, ...events: NewEvent[]): Promise<readonly Claim[]> {
    await inbox.put(events)
    return (await inbox.claim(choice)).claims
  }

  test('need no second client to make the table of versions', async () => {
    const pool = await newPool({ max: 2 })
    const inbox = createPostgresInbox<PoolClient>({ pool })
    const claims = await claimed(inbox, arrived('a'), arrived('b'))
    const newest = postgresNewest()
    const bothBegan = meeting(2)

    const settled = claims.map((claim) =>
      inbox.settle(claim, { kind: 'done' }, async (client) => {
        await bothBegan()
        await newest(claim.event.eventId, 1, client)
      }),
    )

    expect(await Promise.all(settled)).toEqual(['settled', 'settled'])
    expect((await pool.query('SELECT key FROM goodfence_newest ORDER BY key')).rows).toEqual([
      { key: 'a' },
      { key: 'b' },
    ])
  })

  test('make the table of versions again when the first who made it failed', async () => {
    const inbox = createPostgresInbox<PoolClient>({ pool: await newPool() })
    const [claim] = (await claimed(inbox, arrived('a'))) as [Claim]
    const newest = postgresNewest()
    const fails = inbox.settle(claim, { kind: 'done' }, async (client) => {
      await newest('key', 1, client)
      throw new Error('no')
    })
    await expect(fails).rejects.toThrow('no')

    let standing: unknown
    await inbox.settle(claim, { kind: 'done' }, async (client) => void (standing = await newest('key', 1, client)))
    expect(standing).toBe('newer')
  })

  test('extend a lease while its event is being settled, without waiting for that', { timeout: 5_000 }, async () => {
    const inbox = createPostgresInbox<PoolClient>({ pool: await newPool() })
    const [claim] = (await claimed(inbox, arrived('a'))) as [Claim]
    let extended: unknown
    const settled = inbox.settle(claim, { kind: 'done' }, async () => {
      extended = await inbox.extend(claim, 60_000)
    })
    expect(await settled).toBe('settled')
    expect(extended).toBe('extended')
    expect(await inbox.extend(claim, 60_000)).toBe('lost')
  })

  test('bury a crash loop beside an event of a lane that is being settled', { timeout: 10_000 }, async () => {
    const pool = await newPool()
    const inbox = createPostgresInbox<PoolClient>({ pool })
    const lane = { lane: 'pi_1', laneOrder: 'serial' as const }
    const claims = await claimed(inbox, arrived('slow', lane), arrived('crash'))
    const slow = claims.find(({ event }) => event.eventId === 'slow') as Claim
    // Both leases have run out.
    await pool.query('UPDATE goodfence_inbox SET due_at_ms = 0')

    const settled = inbox.settle(slow, { kind: 'done' }, async () => {
      const { claims } = await createPostgresInbox({ pool }).claim({ ...choice, maxCrashes: 1 })
      expect(claims).toEqual([])
    })

    expect(await settled).toBe('settled')
    const { events } = await inbox.inspect()
    expect(events.map(({ eventId, state }) => [eventId, state])).toEqual([
      ['slow', 'done'],
      ['crash', 'dead'],
    ])
  })
})

/** Resolves for all once this many have come. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = count
  return () => {
    if (--left === 0) resolve()
    return promise
  }
}
