import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../../src/core/virtual-clock.ts'
import { type Handler } from '../../../src/webhooks/handler.ts'
import { newest } from '../../../src/webhooks/newest.ts'
import { type Ask } from '../../../src/webhooks/orders/ask.ts'
import { latest, type LatestOptions } from '../../../src/webhooks/orders/latest.ts'
import { createSqliteInbox } from '../../../src/webhooks/stores/sqlite.ts'
import { keyOf, openShop, startMs, type Told } from '../../support/ordered-shop.ts'

const save: Handler<DatabaseSync> = (event, context) => {
  const told = (context.current?.found === true ? context.current.value : event.data) as Told & { value: number }
  context.effect((database) => {
    database.prepare('INSERT OR REPLACE INTO things VALUES (?, ?)').run(told.key ?? '', told.value)
  })
}

function openLatest(onTie: LatestOptions<DatabaseSync>['onTie'], pausesMs = [1_000, 1_000]) {
  const clock = virtualClock({ startMs })
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE things (key TEXT PRIMARY KEY, value INTEGER NOT NULL)')
  const inbox = createSqliteInbox({ database, clock })
  const version = ({ data }: { data: unknown }) => (data as { version?: number }).version
  const order = { '*': latest<DatabaseSync>({ key: keyOf, version, newest: newest(database), onTie }) }
  const shop = openShop(order, save, { inbox, clock, pausesMs })
  const things = () =>
    Object.fromEntries(
      database
        .prepare('SELECT * FROM things')
        .all()
        .map((row) => [row['key'], row['value']]),
    )
  return { ...shop, things }
}

const noTie: Ask = () => Promise.reject(new Error('nobody should have asked'))

describe('the latest version', () => {
  test('wins for every key, in whatever order versions come', async () => {
    const versions = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b'), version: fc.nat(50) }), {
      selector: ({ key, version }) => `${key}${version}`,
      minLength: 1,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(versions, async (sent) => {
        const { clock, put, worker, counts, things } = openLatest(noTie)
        for (const { key, version } of sent) await put({ id: `${key}${version}`, key, version, value: version })
        await clock.run(() => worker.drain({ untilEmpty: true }))
        const highest = Object.fromEntries(
          sent.toSorted((a, b) => a.version - b.version).map(({ key, version }) => [key, version]),
        )
        expect(things()).toEqual(highest)
        const { done, superseded } = await counts()
        expect(Number(done) + Number(superseded)).toBe(sent.length)
      }),
      { numRuns: 40 },
    )
  })

  test('supersedes what is older, as no failure', async () => {
    const { clock, put, worker, lines, things } = openLatest(noTie)
    await put({ id: 'new', key: 'a', version: 2, value: 2 }, { id: 'old', key: 'a', version: 1, value: 1 })
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(lines.map(({ eventId, outcome, error }) => [eventId, outcome, error])).toEqual([
      ['new', 'done', undefined],
      ['old', 'superseded', undefined],
    ])
    expect(things()).toEqual({ a: 2 })
  })

  test('is asked of the provider when two events have the same', async () => {
    let asked = 0
    const { clock, put, worker, things, counts } = openLatest(async () => {
      asked++
      return Response.json({ key: 'a', value: 77 })
    })
    await put({ id: '1', key: 'a', version: 5, value: 1 }, { id: '2', key: 'a', version: 5, value: 2 })
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect([asked, things()]).toEqual([1, { a: 77 }])
    expect(await counts()).toMatchObject({ done: 2 })
  })

  test.each([
    ['run', { a: 2 }, { done: 2 }],
    ['dead', { a: 1 }, { done: 1, dead: 1 }],
  ] as const)('may be left undecided: %s', async (onTie, expected, states) => {
    const { clock, put, worker, things, counts } = openLatest(onTie)
    await put({ id: '1', key: 'a', version: 5, value: 1 }, { id: '2', key: 'a', version: 5, value: 2 })
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(things()).toEqual(expected)
    expect(await counts()).toMatchObject(states)
  })

  test('does not matter for events that have none', async () => {
    const { clock, put, worker, things } = openLatest(noTie)
    await put({ id: '1', key: 'a', version: 5, value: 1 }, { id: '2', key: 'a', value: 2 })
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(things()).toEqual({ a: 2 })
  })
})
