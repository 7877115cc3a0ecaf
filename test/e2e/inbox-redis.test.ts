import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Claim, type Outcome } from '../../src/webhooks/inbox.ts'
import { createRedisInbox, type RedisInboxOptions } from '../../src/webhooks/stores/redis.ts'
import { arrived, inboxLaws } from '../suites/inbox-store.ts'
import { sameAsMemory } from '../suites/same-as-memory.ts'
import { findServer } from '../support/find-server.ts'
import { redis, type RedisConnection, type RedisServer } from '../support/redis-server.ts'

const server = await findServer(redis)
const connection = await server?.connect()
afterAll(() => server?.[Symbol.asyncDispose]())

const startMs = 1_767_225_600_000
const claiming = { owner: 'w', limit: 1, leaseMs: 30_000 }

describe.runIf(server !== undefined)('on a real server', () => {
  const client = connection as RedisConnection
  const newPrefix = () => (server as RedisServer).newPrefix()
  const open = (options: Partial<RedisInboxOptions> = {}) =>
    createRedisInbox({ client, prefix: newPrefix(), ...options })

  inboxLaws<never>({ name: 'Redis', open: async (options) => open(options), effects: 'none' })

  test('promises to be a buffer, and its type takes no effect', async () => {
    const inbox = open()
    expect(inbox.guarantees).toEqual({ survives: 'process', atomicEffects: false, shared: true })
    await inbox.put([arrived('a')])
    const [claim] = (await inbox.claim(claiming)).claims as [Claim]
    // @ts-expect-error there is nothing that an effect could be made with
    await expect(inbox.settle(claim, { kind: 'done' }, () => {})).rejects.toMatchObject({ code: 'usage' })
  })

  test('takes its time from the server when it is given no clock', async () => {
    const inbox = open()
    await inbox.put([arrived('a')])
    const { claims } = await inbox.claim(claiming)
    expect(claims[0]?.event.receivedAtMs).toBeGreaterThan(startMs)
    expect((claims[0]?.event.dueAtMs ?? 0) - (claims[0]?.event.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(30_000)
  })

  test('keeps all its keys on one node of a cluster, and leaves those of others alone', async () => {
    const prefix = newPrefix()
    const inbox = open({ prefix })
    const other = open()
    await inbox.put([arrived('a', { lane: 'x' }), arrived('b', { lane: 'x', laneOrder: 'strict', marker: 'm' })])
    await inbox.put([arrived('c', { after: { marker: 'm', timeoutMs: 9 } }), arrived('d', { account: '{z}' })])
    const keys = await client.keys(`*${prefix}*`)
    expect(keys.length).toBeGreaterThan(10)
    expect(keys.filter((key) => !key.startsWith(`{${prefix}}:`))).toEqual([])
    expect((await other.inspect()).counts).toMatchObject({ ready: 0 })
  })

  test('goes on when Redis has forgotten its scripts', async () => {
    const inbox = open()
    await inbox.put([arrived('a')])
    await client.scriptFlush()
    expect(await inbox.put([arrived('a')])).toEqual(['duplicate'])
  })

  test('requeues, shows and prunes more than it looks at in one go, in order', async () => {
    const clock = virtualClock({ startMs })
    const inbox = open({ clock })
    const ids = Array.from({ length: 1_201 }, (_, index) => `e${index}`)
    await inbox.put(ids.map((id) => arrived(id)))
    const settleAll = async (outcome: Outcome) => {
      const { claims } = await inbox.claim({ ...claiming, limit: 2_000 })
      await Promise.all(claims.map((claim) => inbox.settle(claim, outcome)))
      return claims.map(({ event }) => event.eventId)
    }
    await settleAll({ kind: 'dead', error: 'Error' })
    expect((await inbox.inspect({ limit: 0, problems: true })).problems?.dead).toMatchObject([{ count: 1_201 }])
    expect(await inbox.requeue({}, { by: 'ann', reason: 'fixed', dryRun: true })).toBe(1_201)
    expect(await inbox.requeue({}, { by: 'ann', reason: 'fixed' })).toBe(1_201)
    expect((await inbox.inspect({ limit: 1_100 })).events.map(({ eventId }) => eventId)).toEqual(ids.slice(0, 1_100))
    expect(await settleAll({ kind: 'done' })).toEqual(ids)
    await clock.advance(91 * 86_400_000)
    expect(await inbox.prune()).toEqual({ bodies: 0, events: 1_201, tombstones: 1_201 })
  })

  sameAsMemory('Redis', async (clock) => open({ clock }))

  test('hands what a killed process was at to another, with a higher fence', async () => {
    const prefix = newPrefix()
    const clock = virtualClock({ startMs })
    const inbox = open({ prefix, clock })
    await inbox.put([arrived('a')])
    await killed([(server as RedisServer).url, prefix, String(startMs)])

    expect((await inbox.inspect()).events[0]).toMatchObject({ state: 'leased', attempts: 1 })
    expect((await inbox.claim(claiming)).claims).toEqual([])
    await clock.advance(30_000)
    const [claim] = (await inbox.claim(claiming)).claims as [Claim]
    expect(claim).toMatchObject({ fence: 2, event: { eventId: 'a', attempts: 2, crashes: 1 } })
    expect(await inbox.settle({ ...claim, fence: 1 }, { kind: 'done' })).toBe('lost')
    expect(await inbox.settle(claim, { kind: 'done' })).toBe('settled')
  })
})

/** Resolves when the process has ended itself with SIGKILL. */
function killed(args: readonly string[]): Promise<void> {
  const program = join(import.meta.dirname, '../support/redis-claimer.ts')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], (error, _stdout, stderr) => {
      if (error?.signal === 'SIGKILL') resolve()
      else reject(new Error(`The process was not killed: ${stderr}`, { cause: error }))
    })
  })
}
