import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Inbox } from '../../src/webhooks/inbox.ts'
import { replay } from '../../src/webhooks/replay.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { arrived } from '../suites/inbox-store.ts'

const order = { by: 'ann', reason: 'fixed' }

async function withDead(many: number) {
  const clock = virtualClock({ startMs: 1_767_225_600_000 })
  const inbox = createMemoryInbox({ clock })
  await inbox.put(Array.from({ length: many }, (_, at) => arrived(`e${at}`, at % 2 === 0 ? {} : { type: 'other' })))
  await bury(inbox, many)
  const counts = async () => (await inbox.inspect({ limit: 0 })).counts
  return { clock, inbox, counts }
}

async function bury(inbox: Inbox<undefined>, limit: number): Promise<readonly string[]> {
  const { claims } = await inbox.claim({ owner: 'w', limit, leaseMs: 30_000 })
  for (const claim of claims) await inbox.settle(claim, { kind: 'dead', error: 'Error' })
  return claims.map(({ event }) => event.eventId)
}

describe('a replay', () => {
  test('has dead events handled again in their order, and no faster than it may', async () => {
    const { clock, inbox } = await withDead(25)
    const progress: string[] = []
    const replayed = replay(
      inbox,
      {},
      {
        ...order,
        perSecond: 10,
        clock,
        onProgress: (requeued) => progress.push(`${requeued}@${clock.monotonic()}`),
      },
    )
    expect(await clock.run(() => replayed)).toBe(25)
    expect(progress).toEqual(['10@0', '20@1000', '25@2000'])
    expect(await bury(inbox, 25)).toEqual(Array.from({ length: 25 }, (_, at) => `e${at}`))
    expect((await inbox.inspect()).events[0]).toMatchObject({ replays: 1, requeued: order })
  })

  test('requeues each event once, also when it dies again meanwhile or another joins it', async () => {
    const { clock, inbox } = await withDead(20)
    await inbox.put([arrived('later')])
    const seen: string[] = []
    const onProgress = () => void bury(inbox, 100).then((ids) => seen.push(...ids))
    expect(await clock.run(() => replay(inbox, {}, { ...order, perSecond: 10, clock, onProgress }))).toBe(20)
    expect(seen).toHaveLength(21)
    expect((await inbox.inspect()).events.map(({ replays }) => replays)).toEqual([...Array<number>(20).fill(1), 0])
  })

  test('goes on with the rest when it was cut off and is started again', async () => {
    const { clock, inbox, counts } = await withDead(30)
    const stop = new AbortController()
    const cut = replay(
      inbox,
      {},
      { ...order, perSecond: 10, clock, signal: stop.signal, onProgress: () => stop.abort() },
    )
    expect(await clock.run(() => cut)).toBe(10)
    expect(await clock.run(() => replay(inbox, {}, { ...order, clock }))).toBe(20)
    expect(await counts()).toMatchObject({ ready: 30, dead: 0 })
    expect(new Set((await inbox.inspect()).events.map(({ replays }) => replays))).toEqual(new Set([1]))
  })

  test('keeps to what is selected, and only counts when it is told to', async () => {
    const { clock, inbox, counts } = await withDead(10)
    expect(await replay(inbox, { type: 'other' }, { ...order, clock, dryRun: true })).toBe(5)
    expect(await counts()).toMatchObject({ dead: 10 })
    expect(await clock.run(() => replay(inbox, { type: 'other' }, { ...order, clock }))).toBe(5)
    expect(await counts()).toMatchObject({ dead: 5, ready: 5 })
  })

  test('touches what was done only by force', async () => {
    const { clock, inbox } = await withDead(0)
    await inbox.put([arrived('a')])
    const { claims } = await inbox.claim({ owner: 'w', limit: 1, leaseMs: 30_000 })
    for (const claim of claims) await inbox.settle(claim, { kind: 'done' })
    expect(await clock.run(() => replay(inbox, { states: ['done'] }, { ...order, clock }))).toBe(0)
    expect(await clock.run(() => replay(inbox, { states: ['done'] }, { ...order, clock, force: true }))).toBe(1)
  })
})
