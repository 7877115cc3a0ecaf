import { describe, expect, test } from 'vitest'
import { type Current } from '../../../src/webhooks/handler.ts'
import { type Ask } from '../../../src/webhooks/orders/ask.ts'
import { refetch, type RefetchOptions } from '../../../src/webhooks/orders/refetch.ts'
import { keyOf, openShop, type ShopOptions, type Told } from '../../support/ordered-shop.ts'

function openRefetching(
  fetch: Ask,
  { perSecond, ...options }: Pick<RefetchOptions, 'perSecond'> & ShopOptions<undefined> = {},
) {
  const seen: { id: string; current: Current | undefined; atMs: number }[] = []
  const fetches: { key: string | undefined; atMs: number }[] = []
  const counted: Ask = async (event, context) => {
    fetches.push({ key: keyOf(event), atMs: shop.clock.monotonic() })
    return fetch(event, context)
  }
  const shop = openShop(
    { 'thing.*': refetch({ key: keyOf, fetch: counted, perSecond }) },
    (event, { current }) => void seen.push({ id: event.id, current, atMs: shop.clock.monotonic() }),
    options,
  )
  return { ...shop, seen, fetches }
}

const hints = (many: number, keys: number): Told[] =>
  Array.from({ length: many }, (_, at) => ({ id: `e${at}`, key: `k${at % keys}` }))

describe('refetching', () => {
  test('hands the handler what the provider has now', async () => {
    const { clock, put, worker, seen } = openRefetching(async () => Response.json({ status: 'paid' }))
    await put({ id: 'a', key: 'x' })
    await clock.run(() => worker.drain())
    expect(seen).toMatchObject([{ id: 'a', current: { found: true, value: { status: 'paid' } } }])
  })

  test('takes a value that is no answer of HTTP for the object itself', async () => {
    const { clock, put, worker, seen } = openRefetching(async (event) => ({ of: event.id }))
    await put({ id: 'a', key: 'x' })
    await clock.run(() => worker.drain())
    expect(seen).toMatchObject([{ current: { found: true, value: { of: 'a' } } }])
  })

  test.each([
    ['404', async () => new Response('', { status: 404 })],
    ['410', async () => new Response('', { status: 410 })],
    ['nothing', async () => undefined],
  ])('tells the handler when the object is gone: %s', async (_, fetch) => {
    const { clock, put, worker, seen, counts } = openRefetching(fetch)
    await put({ id: 'a', key: 'x' })
    await clock.run(() => worker.drain())
    expect(seen).toMatchObject([{ id: 'a', current: { found: false } }])
    expect(await counts()).toMatchObject({ done: 1 })
  })

  test('covers all that had piled up about one thing with one fetch', async () => {
    const { clock, put, worker, fetches, counts } = openRefetching(async () => ({}))
    await put(...hints(500, 5))
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(fetches).toHaveLength(5)
    expect(new Set(fetches.map(({ key }) => key))).toEqual(new Set(['k0', 'k1', 'k2', 'k3', 'k4']))
    expect(await counts()).toMatchObject({ done: 5, superseded: 495 })
  })

  test('fetches again for what came while it was fetching', async () => {
    const shop = openRefetching(async () => shop.clock.sleep(1_000))
    const { clock, put, worker, fetches } = shop
    worker.start()
    await put({ id: 'a', key: 'x' }, { id: 'b', key: 'x' })
    await clock.advance(500)
    await put({ id: 'c', key: 'x' }, { id: 'd', key: 'x' })
    await clock.advance(10_000)
    await worker.stop()
    expect(fetches.map(({ atMs }) => atMs)).toEqual([0, 1_000])
  })

  test('tries one of many hints while the provider fails, and forgets none', async () => {
    let down = true
    const { clock, put, worker, fetches, counts } = openRefetching(
      async () => new Response('', { status: down ? 500 : 404 }),
    )
    worker.start()
    await put(...hints(100, 1))
    await clock.advance(4_000)
    expect(fetches).toHaveLength(1)
    down = false
    await clock.advance(5_000)
    await worker.stop()
    expect(fetches).toHaveLength(2)
    expect(await counts()).toMatchObject({ done: 1, superseded: 99 })
  })

  test('leaves every event of a provider alone that says for how long', async () => {
    let limited = true
    const { clock, put, worker, fetches, counts } = openRefetching(
      async () => (limited ? new Response('', { status: 429, headers: { 'retry-after': '60' } }) : {}),
      { concurrency: 1 },
    )
    worker.start()
    await put(...hints(20, 20))
    await clock.advance(59_000)
    expect(fetches).toHaveLength(1)
    limited = false
    await clock.advance(1_000)
    expect(fetches.length).toBe(21)
    expect(await counts()).toMatchObject({ done: 20 })
    await worker.stop()
  })

  test('keeps to its budget, counts no attempt for waiting, and delays nothing else', async () => {
    const { clock, put, worker, fetches, seen, inbox } = openRefetching(async () => ({}), {
      perSecond: 2,
      concurrency: 3,
    })
    worker.start()
    await put(...hints(10, 10), { id: 'free', type: 'other' })
    await clock.advance(0)
    expect(seen.map(({ id }) => id)).toContain('free')
    await clock.advance(10_000)
    await worker.stop()
    expect(fetches.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 10 }, (_, at) => at * 500))
    expect((await inbox.inspect()).events.map(({ attempts }) => attempts)).toEqual(Array<number>(11).fill(1))
  })

  test('covers nothing when the handler did not succeed', async () => {
    const { clock, put, worker, counts } = openShop({ '*': refetch({ key: keyOf, fetch: async () => ({}) }) }, () => ({
      kind: 'dead',
      reason: 'no',
    }))
    await put(...hints(3, 1))
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(await counts()).toMatchObject({ dead: 3, superseded: 0 })
  })
})
