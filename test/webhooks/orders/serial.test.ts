import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../../src/core/virtual-clock.ts'
import { serial } from '../../../src/webhooks/orders/serial.ts'
import { createMemoryInbox } from '../../../src/webhooks/stores/memory.ts'
import { createSqliteInbox } from '../../../src/webhooks/stores/sqlite.ts'
import { keyOf, openShop, startMs, type Told } from '../../support/ordered-shop.ts'

const order = { '*': serial({ key: keyOf }) }
const stores = {
  memory: createMemoryInbox,
  SQLite: ({ clock }: { clock: ReturnType<typeof virtualClock> }) =>
    createSqliteInbox({ database: new DatabaseSync(':memory:'), clock }),
}

describe.each(['memory', 'SQLite'] as const)('serial order, on %s', (store) => {
  test('holds for every key, however often its events fail and whenever they come', async () => {
    const events = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        failures: fc.nat(3),
        pauseMs: fc.nat(3_000),
        workMs: fc.nat(50),
      }),
      { maxLength: 25 },
    )
    await fc.assert(
      fc.asyncProperty(events, fc.integer({ min: 1, max: 6 }), async (plan, concurrency) => {
        const clock = virtualClock({ startMs })
        const handled: string[] = []
        const atWork = new Set<string | undefined>()
        const inbox = stores[store]({ clock }) as ReturnType<typeof createMemoryInbox>
        const shop = openShop(
          order,
          async (event, { attempt }) => {
            const { key, failures, workMs } = event.data as Told & { failures: number; workMs: number }
            expect(atWork.has(key)).toBe(false)
            atWork.add(key)
            await clock.sleep(workMs)
            atWork.delete(key)
            if (attempt <= failures) throw new Error('again')
            handled.push(event.id)
          },
          { inbox, clock, concurrency, pausesMs: [100, 1_000, 5_000] },
        )
        shop.worker.start()
        for (const [at, { pauseMs, ...more }] of plan.entries()) {
          await shop.put({ id: `${more.key}${at}`, ...more })
          await clock.advance(pauseMs)
        }
        await clock.advance(600_000)
        await shop.worker.stop()

        expect(handled).toHaveLength(plan.length)
        for (const key of ['a', 'b', 'c']) {
          const sent = plan.flatMap((event, at) => (event.key === key ? [`${key}${at}`] : []))
          expect(handled.filter((id) => id.startsWith(key))).toEqual(sent)
        }
      }),
      { numRuns: store === 'memory' ? 60 : 15 },
    )
  })
})

describe('serial order', () => {
  const poison = (handled: Record<string, number>) => (event: { id: string }) => {
    if (event.id.startsWith('poison')) throw new Error('never')
    handled[event.id] = (handled[event.id] ?? 0) + 1
  }

  test('is not disturbed by a poison key: every other is handled at once', async () => {
    const handled: Record<string, number> = {}
    const { clock, put, worker, counts } = openShop(order, poison(handled), { concurrency: 2 })
    worker.start()
    for (let at = 0; at < 200; at++)
      await put({ id: `poison${at}`, key: 'poison' }, { id: `k${at}`, key: `k${at % 7}` })
    await clock.advance(0)
    expect(Object.keys(handled)).toHaveLength(200)
    expect(await counts()).toMatchObject({ done: 200, ready: 1, held: 199 })
    await worker.stop()
  })

  test('blocks a key behind an event that is dead, until it is skipped', async () => {
    const handled: Record<string, number> = {}
    const { clock, inbox, put, worker, counts } = openShop(order, poison(handled), { pausesMs: [] })
    await put({ id: 'poison', key: 'a' }, { id: 'second', key: 'a' })
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(await counts()).toMatchObject({ dead: 1, held: 1 })
    await inbox.requeue({ states: ['dead'] }, { by: 'ann', reason: 'nonsense', to: 'skip' })
    await clock.run(() => worker.drain())
    expect(handled).toEqual({ second: 1 })
  })

  test('goes on behind an event that is dead where it was told to', async () => {
    const handled: Record<string, number> = {}
    const relaxed = { '*': serial({ key: keyOf, onDead: 'continue' }) }
    const { clock, put, worker } = openShop(relaxed, poison(handled), { pausesMs: [1_000] })
    await put({ id: 'poison', key: 'a' }, { id: 'second', key: 'a' })
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(handled).toEqual({ second: 1 })
  })

  test('lets events that are about nothing pass', async () => {
    const handled: Record<string, number> = {}
    const { clock, put, worker } = openShop(order, poison(handled))
    await put({ id: 'poison' }, { id: 'free' })
    await clock.run(() => worker.drain())
    expect(handled).toEqual({ free: 1 })
  })
})
