import { type PoolClient } from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { type Claim, type Inbox, type NewEvent } from '../../src/webhooks/inbox.ts'
import { createPostgresInbox, postgresEffectGuard } from '../../src/webhooks/stores/postgres.ts'
import { arrived } from '../suites/inbox-store.ts'
import { findServer } from '../support/find-server.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
afterAll(() => server?.[Symbol.asyncDispose]())

describe.runIf(server !== undefined)('the connections of an inbox in PostgreSQL', () => {
  const newPool: PostgresServer['newPool'] = (more) => (server as PostgresServer).newPool(more)

  async function claimed(inbox: Inbox<PoolClient>, event: NewEvent): Promise<Claim> {
    await inbox.put([event])
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 60_000 })
    return claims[0] as Claim
  }

  /** Fails in one of its statements and goes on as if nothing had been. */
  const careless = async (client: PoolClient) => {
    await client.query('INSERT INTO effects VALUES (1)')
    await client.query('SELECT 1 / 0').catch(() => {})
  }

  test.each([
    ['that is free', {}],
    ['in a lane', { lane: 'pi_1', laneOrder: 'serial' as const }],
  ])('do not take for committed what an effect spoiled by catching an error: an event %s', async (_, place) => {
    const pool = await newPool()
    await pool.query('CREATE TABLE effects (id INTEGER)')
    const inbox = createPostgresInbox<PoolClient>({ pool })
    const claim = await claimed(inbox, arrived('a', place))

    await expect(inbox.settle(claim, { kind: 'done' }, careless)).rejects.toMatchObject({
      code: 'usage',
      facts: { mend: expect.stringContaining('ON CONFLICT DO NOTHING') },
    })

    expect((await inbox.inspect()).counts).toMatchObject({ leased: 1, done: 0 })
    expect(await inbox.settle(claim, { kind: 'done' })).toBe('settled')
  })

  test('do not take for made what a guarded effect spoiled by catching an error', async () => {
    const pool = await newPool()
    await pool.query('CREATE TABLE effects (id INTEGER)')
    const guard = postgresEffectGuard<PoolClient>(pool)
    const event = { provider: 'stripe', account: '', subscription: '', id: 'evt_1' }

    await expect(guard.once(event, 'mail', careless)).rejects.toMatchObject({ code: 'usage' })

    const write = async (client: PoolClient) => void (await client.query('INSERT INTO effects VALUES (2)'))
    expect(await guard.once(event, 'mail', write)).toBe('made')
    expect((await pool.query('SELECT id FROM effects')).rows).toEqual([{ id: 2 }])
  })

  test.each(['repeatable read', 'serializable'])(
    'are refused where they begin transactions as %s',
    async (isolation) => {
      const settings = `-c default_transaction_isolation=${isolation.replace(' ', String.raw`\ `)}`
      const inbox = createPostgresInbox({ pool: await newPool({ settings }) })
      await expect(inbox.put([arrived('a')])).rejects.toMatchObject({
        code: 'environment',
        facts: { mend: expect.stringContaining('default_transaction_isolation') },
      })
    },
  )

  test('see in a transaction what was committed while they waited, whatever the default of the server is', async () => {
    const pool = await newPool({ settings: '-c default_transaction_isolation=serializable' })
    const guard = postgresEffectGuard<PoolClient>(pool)
    let isolation: unknown
    await guard.once({ provider: 'stripe', account: '', subscription: '', id: 'evt_1' }, 'look', async (client) => {
      isolation = (await client.query('SHOW transaction_isolation')).rows[0]
    })
    expect(isolation).toEqual({ transaction_isolation: 'read committed' })
  })

  test.each([
    [
      'settles with effects',
      async (inbox: Inbox<PoolClient>, claim: Claim) => inbox.settle(claim, { kind: 'done' }, async () => {}),
    ],
    ['settles', async (inbox: Inbox<PoolClient>, claim: Claim) => inbox.settle(claim, { kind: 'done' })],
    ['puts', async (inbox: Inbox<PoolClient>) => inbox.put([arrived('b')])],
    [
      'puts into a lane',
      async (inbox: Inbox<PoolClient>) => inbox.put([arrived('b', { lane: 'L', laneOrder: 'serial' })]),
    ],
  ])('are made anew after one whose prepared statements were thrown away: what %s', async (_, work) => {
    const pool = await newPool({ max: 1 })
    const inbox = createPostgresInbox<PoolClient>({ pool })
    const claim = await claimed(inbox, arrived('a'))
    await inbox.settle(await claimed(inbox, arrived('lane', { lane: 'L', laneOrder: 'serial' })), { kind: 'done' })
    await pool.query('DISCARD ALL')

    await expect(work(inbox, claim)).rejects.toMatchObject({ code: '26000' })
    expect(['settled', ['inserted']]).toContainEqual(await work(inbox, claim))
  })
})
