import { type Pool, type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { type Claim, type Inbox, type NewEvent } from '../../src/webhooks/inbox.ts'
import {
  createPostgresInbox,
  type PostgresClient,
  postgresNewest,
  type PostgresPool,
} from '../../src/webhooks/stores/postgres.ts'
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

  describe('while old events become tombstones', () => {
    async function withOld(...ids: string[]) {
      const pool = await newPool()
      const inbox = createPostgresInbox<PoolClient>({ pool })
      await inbox.put(ids.map((id) => arrived(id)))
      await pool.query(
        `UPDATE goodfence_inbox SET state = 'done', received_at_ms = received_at_ms - ${31 * 86_400_000}`,
      )
      return { pool, inbox }
    }

    test('deliver beside effects that take long', { timeout: 5_000 }, async () => {
      const { inbox } = await withOld('old')
      const [claim] = (await claimed(inbox, arrived('a'))) as [Claim]
      const answers: unknown[] = []
      await inbox.settle(claim, { kind: 'done' }, async () => {
        answers.push(await inbox.prune(), await inbox.put([arrived('b')]), await inbox.put([arrived('old')]))
      })
      expect(answers).toEqual([{ bodies: 0, events: 1, tombstones: 0 }, ['inserted'], ['duplicate']])
    })

    test('know a delivery before, during and after', { timeout: 10_000 }, async () => {
      const { pool, inbox } = await withOld('old')
      const open = await gateOn(pool, 'deleted', 'DELETE')
      const pruned = inbox.prune()
      await standsBefore(pool, 'deleted')
      // Its row is deleted, and that is not yet committed.
      expect(await inbox.put([arrived('old')])).toEqual(['duplicate'])
      await open()
      expect(await pruned).toMatchObject({ events: 1 })
      expect(await inbox.put([arrived('old')])).toEqual(['duplicate'])
      expect((await inbox.inspect()).events).toEqual([])
    })

    test('know a delivery whose row is there when it is to be inserted, and gone when it is looked at', async () => {
      const { pool, inbox } = await withOld('old')
      const putting = createPostgresInbox({
        pool: heeding(pool, async (text) => {
          if (text.startsWith('SELECT seq, state, body_hash')) await inbox.prune()
        }),
      })
      expect(await putting.put([arrived('old')])).toEqual(['duplicate'])
      expect((await inbox.inspect()).events).toEqual([])
    })

    test('leave alone what someone is having done again', { timeout: 5_000 }, async () => {
      const { pool, inbox } = await withOld('again', 'old')
      const someone = await pool.connect()
      await someone.query('BEGIN')
      await someone.query(`UPDATE goodfence_inbox SET state = 'ready' WHERE event_id = 'again'`)
      expect(await inbox.prune()).toMatchObject({ events: 1 })
      await someone.query('COMMIT')
      someone.release()
      expect((await inbox.inspect()).events).toMatchObject([{ eventId: 'again', state: 'ready' }])
    })

    test('prune at once, and count each event once', async () => {
      const { inbox } = await withOld(...Array.from({ length: 50 }, (_, at) => `e${at}`))
      const reports = await Promise.all([inbox.prune(), inbox.prune(), inbox.prune()])
      expect(reports.reduce((sum, { events }) => sum + events, 0)).toBe(50)
      expect((await inbox.inspect()).events).toEqual([])
    })
  })

  describe('keep the events of an exclusive lane apart that become visible in another order than they come due', () => {
    /** One worker leases the later event while the earlier one is not committed; another then sees only that one. */
    async function bothLeased(settling: { readonly meet: boolean }) {
      const pool = await newPool()
      const met = meeting(settling.meet ? 2 : 1)
      const inbox = createPostgresInbox({
        pool: heeding(pool, async (text) => void (text.includes('mine.lane') && (await met()))),
      })
      await inbox.inspect({ limit: 0 })
      const commitEarly = await gateOn(pool, 'early', 'INSERT', `NEW.event_id = 'early'`)
      const commitLate = await gateOn(pool, 'late', 'UPDATE', `NEW.event_id = 'late' AND NEW.owner = 'A'`)

      const early = createPostgresInbox({ pool }).put([arrived('early', { lane: 'L' })])
      await standsBefore(pool, 'early')
      await inbox.put([arrived('late', { lane: 'L' })])
      const claimedByA = inbox.claim({ ...choice, owner: 'A' })
      await standsBefore(pool, 'late')
      await commitEarly()
      await early
      const claimedByB = inbox.claim({ ...choice, owner: 'B' })
      if (!settling.meet) await claimedByB
      else
        await expect
          .poll(async () => (await pool.query(`SELECT 1 FROM goodfence_inbox WHERE owner = 'B'`)).rowCount)
          .toBe(1)
      await commitLate()
      return { inbox, claims: (await Promise.all([claimedByA, claimedByB])).flatMap(({ claims }) => claims) }
    }

    test.each([
      ['one looked before the other', false],
      ['both looked afterwards', true],
    ])('when both were leased and %s', { timeout: 10_000 }, async (_, meet) => {
      const { inbox, claims } = await bothLeased({ meet })
      expect(claims).toHaveLength(1)
      expect((await inbox.inspect({ states: ['leased'] })).events).toMatchObject([{ attempts: 1, crashes: 0 }])
      expect((await inbox.inspect({ states: ['ready'] })).events).toMatchObject([{ attempts: 0, crashes: 0 }])
      await inbox.settle(claims[0] as Claim, { kind: 'done' })
      expect((await inbox.claim(choice)).claims).toMatchObject([{ event: { attempts: 1 } }])
    })
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

const gates = 4_711

/** Stops everyone who does this to rows, until the returned function is called. */
async function gateOn(pool: Pool, name: string, what: string, when = 'TRUE'): Promise<() => Promise<void>> {
  await pool.query(`
    CREATE OR REPLACE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(${gates}, hashtext(TG_TABLE_SCHEMA || TG_NAME)); RETURN NULL; END $$;
    CREATE TRIGGER ${name} AFTER ${what} ON goodfence_inbox FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION pass_gate()`)
  const keeper = await pool.connect()
  await keeper.query(`SELECT pg_advisory_lock(${gates}, hashtext(current_schema() || '${name}'))`)
  return async () => {
    await keeper.query('SELECT pg_advisory_unlock_all()')
    keeper.release()
  }
}

/** Resolves once someone stands before a gate. */
async function standsBefore(pool: Pool, name: string): Promise<void> {
  const standing = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND classid = ${gates} AND objid = hashtext(current_schema() || '${name}')::oid`
  while ((await pool.query(standing)).rowCount === 0);
}

/** The same pool, each of whose statements waits for what is done before it. */
function heeding(pool: Pool, before: (text: string) => Promise<void>): PostgresPool<PostgresClient> {
  return {
    async connect() {
      const client = await pool.connect()
      return {
        async query(query, values) {
          await before(typeof query === 'string' ? query : query.text)
          return client.query(query, values)
        },
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      }
    },
  }
}
