import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Inbox } from '../../src/webhooks/inbox.ts'
import { arrived } from '../suites/inbox-store.ts'
import { type CrashPlan, startPlanned } from '../support/crash-plan.ts'
import { findServer } from '../support/find-server.ts'
import { type InboxAddress, openKillable } from '../support/killable-inbox.ts'
import { postgres, type PostgresServer } from '../support/postgres-server.ts'

const server = await findServer(postgres)
const folder = mkdtempSync(join(tmpdir(), 'goodfence-crash-'))
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server?.[Symbol.asyncDispose]()
})

const startMs = 1_767_225_600_000
const minuteMs = 60_000
const dayMs = 86_400_000
/** A thousand commits take their time on a busy disk. */
const slow = { timeout: 120_000 }
let places = 0

describe.each(['SQLite', 'PostgreSQL'] as const)('a process on %s that is killed', (store) => {
  describe.runIf(store === 'SQLite' || server !== undefined)('with SIGKILL', () => {
    async function place() {
      const name = join(folder, String(++places))
      const address: InboxAddress =
        store === 'SQLite'
          ? { store, file: `${name}.db` }
          : { store, url: (server as PostgresServer).url, schema: await (server as PostgresServer).newSchema() }
      const base = { address, nowMs: startMs, callsFile: `${name}.calls` }
      await using opened = await openKillable(address)
      await opened.inbox.inspect({ limit: 0 })
      return {
        base,
        run: async (plan: Partial<CrashPlan> & Pick<CrashPlan, 'tasks'>) => {
          const process = startPlanned({ ...base, ...plan })
          return { end: await process.ended, lines: process.lines }
        },
        async left() {
          await using now = await openKillable(address)
          const { events, counts } = await now.inbox.inspect()
          const calls = existsSync(base.callsFile) ? readFileSync(base.callsFile, 'utf8').trimEnd().split('\n') : []
          return { events, counts, effects: await now.effects(), calls }
        },
        async use<Result>(work: (inbox: Inbox<never>, clock: ReturnType<typeof virtualClock>) => Promise<Result>) {
          const clock = virtualClock({ startMs })
          await using now = await openKillable(address, undefined, clock)
          return await work(now.inbox, clock)
        },
      }
    }

    test('C1, before the insert is committed: has stored nothing, and the next delivery is new', async () => {
      const { run, left } = await place()
      const died = await run({ tasks: ['receive'], dieAt: { step: 'before commit', time: 1 } })
      expect(died).toEqual({ end: 'SIGKILL', lines: [] })
      expect((await left()).events).toEqual([])
      expect((await run({ tasks: ['receive'] })).lines).toEqual([{ status: 200, duplicate: false }])
    })

    test('C2, after the insert and before the answer: answers 2xx to a duplicate, and makes one effect', async () => {
      const { run, left } = await place()
      const died = await run({ tasks: ['receive'], dieAt: { step: 'after put', time: 1 } })
      expect(died).toEqual({ end: 'SIGKILL', lines: [] })
      const { lines } = await run({ tasks: ['receive', 'handle'] })
      expect(lines).toEqual([
        { status: 200, duplicate: true },
        { eventId: 'evt_1', outcome: 'done' },
      ])
      expect((await left()).effects).toEqual(['evt_1'])
    })

    test.each([
      ['C3, after the claim and before the handler', 'after claim', 0],
      ['C4, in the handler', 'in the handler', 0],
      ['C4, in the effect', 'after the effect', 1],
    ])('%s: leaves nothing, and another handles the event once its lease is over', async (_, step, calls) => {
      const { run, left } = await place()
      await run({ tasks: ['receive'] })
      expect((await run({ tasks: ['handle'], dieAt: { step, time: 1 } })).end).toBe('SIGKILL')
      const cutOff = await left()
      expect(cutOff).toMatchObject({ events: [{ state: 'leased', attempts: 1 }], effects: [] })
      expect(cutOff.calls).toHaveLength(calls)
      expect((await run({ tasks: ['handle'] })).lines).toEqual([])
      await run({ tasks: ['handle'], nowMs: startMs + minuteMs })
      expect(await left()).toMatchObject({ events: [{ state: 'done', attempts: 2, crashes: 1 }], effects: ['evt_1'] })
    })

    test('C5, after the settling: has the event handled no more', async () => {
      const { run, left } = await place()
      await run({ tasks: ['receive'] })
      expect((await run({ tasks: ['handle'], dieAt: { step: 'after settle', time: 1 } })).end).toBe('SIGKILL')
      await run({ tasks: ['receive', 'handle'], nowMs: startMs + minuteMs })
      expect(await left()).toMatchObject({ events: [{ state: 'done', attempts: 1 }], effects: ['evt_1'] })
    })

    test('C6, not killed but suspended beyond its lease: changes nothing when it goes on', async () => {
      const { base, run, left } = await place()
      await run({ tasks: ['receive'] })
      const zombie = startPlanned({ ...base, tasks: ['handle'], pauseAt: 'before settle' })
      await zombie.stopped()
      expect((await run({ tasks: ['handle'], nowMs: startMs + minuteMs })).lines).toEqual([
        { eventId: 'evt_1', outcome: 'done' },
      ])
      zombie.resume()
      expect(await zombie.ended).toBe(0)
      expect(zombie.lines).toEqual([{ eventId: 'evt_1', outcome: 'lost' }])
      expect(await left()).toMatchObject({ events: [{ state: 'done', attempts: 2 }], effects: ['evt_1'] })
    })

    test('C7, in the middle of a replay: has requeued each dead event once when it is run again', slow, async () => {
      const { run, use } = await place()
      await use(async (inbox) => {
        await Promise.all(Array.from({ length: 1_000 }, (_, at) => inbox.put([arrived(`e${at}`)])))
        const { claims } = await inbox.claim({ owner: 'w', limit: 1_000, leaseMs: minuteMs })
        await Promise.all(claims.map((claim) => inbox.settle(claim, { kind: 'dead', error: 'Error' })))
      })
      for (const step of ['before commit', 'after requeue']) {
        expect((await run({ tasks: ['replay'], dieAt: { step, time: 4 } })).end).toBe('SIGKILL')
      }
      // Two batches of a hundred and four; the one whose commit was cut off has not happened.
      expect((await run({ tasks: ['replay'] })).lines).toEqual([{ requeued: 400 }])
      const { events } = await use((inbox) => inbox.inspect({ limit: 2_000 }))
      expect(events.map(({ state, replays }) => `${state} ${replays}`)).toEqual(Array<string>(1_000).fill('ready 1'))
    })

    test('C8, while it prunes: has lost nothing that waits, and knows every delivery', slow, async () => {
      const { run, use } = await place()
      const ids = Array.from({ length: 1_100 }, (_, at) => `done${at}`)
      await use(async (inbox) => {
        await Promise.all([...ids, 'dead'].map((id) => inbox.put([arrived(id)])))
        const { claims } = await inbox.claim({ owner: 'w', limit: 2_000, leaseMs: minuteMs })
        await inbox.put([arrived('waits')])
        const settle = (claim: (typeof claims)[number]) =>
          inbox.settle(claim, claim.event.eventId === 'dead' ? { kind: 'dead', error: 'Error' } : { kind: 'done' })
        await Promise.all(claims.map(settle))
      })
      const nowMs = startMs + 31 * dayMs
      const time = store === 'SQLite' ? 1 : 2
      expect((await run({ tasks: ['prune'], nowMs, dieAt: { step: 'before commit', time } })).end).toBe('SIGKILL')
      const known = async () => {
        const results = await use((inbox) => Promise.all(ids.map((id) => inbox.put([arrived(id)]))))
        return new Set(results.flat())
      }
      expect(await known()).toEqual(new Set(['duplicate']))
      expect((await run({ tasks: ['prune'], nowMs })).end).toBe(0)
      expect(await known()).toEqual(new Set(['duplicate']))
      const { counts } = await use((inbox) => inbox.inspect())
      expect(counts).toMatchObject({ done: 0, dead: 1, ready: 1 })
    })

    test('C9, after a call to another system: repeats the call under the same key, and the effect not at all', async () => {
      const { run, left } = await place()
      await run({ tasks: ['receive'] })
      await run({ tasks: ['handle'], dieAt: { step: 'before the effect', time: 1 } })
      await run({ tasks: ['handle'], nowMs: startMs + minuteMs })
      const { calls, effects } = await left()
      expect([calls.length, new Set(calls).size, effects]).toEqual([2, 1, ['evt_1']])
    })
  })
})
