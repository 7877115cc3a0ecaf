import { describe, expect, test } from 'vitest'
import { deadline } from '../../src/clients/layers/deadline.ts'
import { throttle, type ThrottleOptions } from '../../src/clients/layers/throttle.ts'
import { stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, type Line, scripted, settledBy } from '../support/scripted.ts'

function world(options: ThrottleOptions, ...lines: Line[]) {
  const clock = virtualClock()
  const provider = scripted(clock, ...lines)
  const client = throttle({ clock, random: () => 0, ...options })(provider)
  return { clock, provider, client }
}

const limited = (headers: Record<string, string> = {}) => new Response(null, { status: 429, headers })
const calls = (client: (request: Request) => Promise<Response>, count: number) =>
  Promise.all(Array.from({ length: count }, () => client(get())))

describe('throttle', () => {
  test('lets a burst go and then keeps the pace', async () => {
    const { clock, provider, client } = world({ perSecond: 10, burst: 3 }, 204)

    await clock.run(() => calls(client, 6))

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 0, 0, 100, 200, 300])
  })

  test('keeps the pace over any second, also across a pause', async () => {
    const { clock, provider, client } = world({ perSecond: 10, burst: 1 }, 204)

    await clock.run(() => calls(client, 3))
    await clock.advance(50)
    await clock.run(() => calls(client, 2))

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 100, 200, 300, 400])
  })

  test('stops everybody until the time that a 429 names, and begins again without a burst', async () => {
    const { clock, provider, client } = world({ perSecond: 10, burst: 3 }, limited({ 'retry-after': '5' }), 204)

    await clock.run(async () => {
      await client(get())
      await calls(client, 3)
    })

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 5_000, 5_100, 5_200])
  })

  test('stops those who are in line already', async () => {
    const answers = [204, limited({ 'retry-after': '5' }), 204]
    const { clock, provider, client } = world({ perSecond: 10, burst: 1 }, ...answers)

    await clock.run(() => calls(client, 4))

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 100, 5_100, 5_200])
  })

  test('stops for a while when a 429 names no time', async () => {
    const { clock, provider, client } = world({ pauseMs: 700 }, limited(), 204)

    await clock.run(async () => {
      await client(get())
      await client(get())
    })

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 700])
  })

  test('is stopped by nobody for longer than its limit', async () => {
    const { clock, provider, client } = world({ maxPauseMs: 1_000 }, limited({ 'retry-after': '99999999999' }), 204)

    await clock.run(async () => {
      await client(get())
      await client(get())
    })

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 1_000])
  })

  test('refuses at once who would wait too long', async () => {
    const { clock, client, provider } = world({ perSecond: 1, burst: 1, maxWaitMs: 1_500 }, 204)
    const waiting = [client(get()), client(get())]

    await expect(client(get())).rejects.toMatchObject({ code: 'throttled', facts: { waitMs: 2_000 } })

    await clock.run(() => Promise.all(waiting))
    expect(provider.requests).toHaveLength(2)
  })

  test('refuses at once who would wait past the deadline', async () => {
    const clock = virtualClock()
    const client = stack(
      deadline({ timeoutMs: 1_500, clock }),
      throttle({ perSecond: 0.5, burst: 1, clock }),
    )(scripted(clock, 204))
    await client(get())

    expect(await settledBy(client(get()))).toMatchObject({ rejected: { code: 'throttled' } })
    expect(clock.pending).toBe(0)
  })

  test('refuses those in line for whom a 429 makes the wait too long', async () => {
    const { clock, client } = world({ perSecond: 10, burst: 1, maxWaitMs: 2_000 }, limited({ 'retry-after': '60' }))
    const first = client(get())
    const second = client(get())

    await first

    expect(await settledBy(second)).toMatchObject({ rejected: { code: 'throttled' } })
    expect(clock.pending).toBe(0)
  })

  test('gives the turn of who gave up to the next', async () => {
    const { clock, provider, client } = world({ perSecond: 10, burst: 1 }, 204)
    const controller = new AbortController()
    await client(get())
    const gone = client(get(), { signal: controller.signal })
    const next = client(get())

    controller.abort(new Error('gone'))

    expect(await settledBy(gone)).toEqual({ rejected: new Error('gone') })
    await clock.run(() => next)
    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 100])
  })

  test('leaves no timer when the only one in line gives up', async () => {
    const { clock, client } = world({ perSecond: 10, burst: 1 }, 204)
    const controller = new AbortController()
    await client(get())
    const gone = client(get(), { signal: controller.signal })

    controller.abort(new Error('gone'))

    await expect(gone).rejects.toThrow('gone')
    expect(clock.pending).toBe(0)
  })
})
