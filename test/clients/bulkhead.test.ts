import { describe, expect, test } from 'vitest'
import { bulkhead, type BulkheadOptions } from '../../src/clients/layers/bulkhead.ts'
import { type Service } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, settledBy } from '../support/scripted.ts'

/** A provider whose answers come when the test says so. */
function world(options: BulkheadOptions) {
  const clock = virtualClock()
  const asked: ((response: Response) => void)[] = []
  const client = bulkhead({ clock, ...options })(() => new Promise((resolve) => asked.push(resolve)))
  const answer = (index: number, response = new Response(null)) => asked[index]?.(response)
  return { clock, asked, answer, client }
}

describe('bulkhead', () => {
  test('asks no more at once than it may', async () => {
    const { asked, client, answer } = world({ maxConcurrent: 2 })
    const calls = [client(get()), client(get()), client(get())]
    expect(asked).toHaveLength(2)

    answer(1)
    await calls[1]
    expect(await settledBy(calls[2] as Promise<Response>)).toBe('open')

    expect(asked).toHaveLength(3)
  })

  test('serves those who wait in the order in which they came', async () => {
    const { client, answer } = world({ maxConcurrent: 1 })
    const order: string[] = []
    const calls = ['a', 'b', 'c'].map((name) => client(get()).then(() => order.push(name)))

    for (const index of [0, 1, 2]) {
      answer(index)
      await settledBy(calls[index] as Promise<number>)
    }

    expect(order).toEqual(['a', 'b', 'c'])
  })

  test('gives a slot to the next in line and not to a newcomer', async () => {
    const { client, answer, asked } = world({ maxConcurrent: 1 })
    const first = client(get())
    void client(get({ headers: { who: 'waiting' } }))

    answer(0)
    await first
    const newcomer = client(get())

    expect(await settledBy(newcomer)).toBe('open')
    expect(asked).toHaveLength(2)
  })

  test('refuses when too many wait', async () => {
    const { client } = world({ maxConcurrent: 1, maxQueued: 1 })
    void client(get())
    void client(get())

    await expect(client(get())).rejects.toMatchObject({
      code: 'bulkhead_full',
      facts: { maxConcurrent: 1, maxQueued: 1 },
    })
  })

  test('refuses who has waited too long', async () => {
    const { client, clock } = world({ maxConcurrent: 1, queueTimeoutMs: 300 })
    void client(get())
    const late = client(get())
    late.catch(() => {})

    await clock.advance(300)

    await expect(late).rejects.toMatchObject({ code: 'bulkhead_full' })
    expect(clock.pending).toBe(0)
  })

  test('takes who gave up out of the line, at once', async () => {
    const { client, answer, asked, clock } = world({ maxConcurrent: 1, maxQueued: 1 })
    const first = client(get())
    const controller = new AbortController()
    const gone = client(get(), { signal: controller.signal })

    controller.abort(new Error('gone'))
    expect(await settledBy(gone)).toEqual({ rejected: new Error('gone') })
    const next = client(get())
    answer(0)
    await first

    expect(await settledBy(next)).toBe('open')
    expect(asked).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  test('holds the slot until the body has ended', async () => {
    const { client, answer, asked } = world({ maxConcurrent: 1 })
    const first = client(get())
    const second = client(get())
    answer(0, new Response('body'))
    const response = await first
    expect(await settledBy(second)).toBe('open')
    expect(asked).toHaveLength(1)

    await response.text()

    expect(await settledBy(second)).toBe('open')
    expect(asked).toHaveLength(2)
  })

  test('frees the slot when no answer came', async () => {
    const clock = virtualClock()
    const client = bulkhead({ maxConcurrent: 1, maxQueued: 0, clock })(() => Promise.reject(new Error('no answer')))

    await expect(client(get())).rejects.toThrow('no answer')

    await expect(client(get())).rejects.toThrow('no answer')
  })

  test('frees the slot when what is within throws instead of rejecting', async () => {
    const client = bulkhead({ maxConcurrent: 1, maxQueued: 0 })(() => {
      throw new Error('thrown')
    })

    await expect(client(get())).rejects.toThrow('thrown')

    await expect(client(get())).rejects.toThrow('thrown')
  })

  test('frees the slot of one who waited when what is within throws instead of rejecting', async () => {
    const clock = virtualClock()
    const first = Promise.withResolvers<Response>()
    const services = [
      () => first.promise,
      () => {
        throw new Error('thrown')
      },
      async () => new Response(null),
    ]
    const client = bulkhead({ maxConcurrent: 1, clock })((request) => (services.shift() as Service)(request))
    const calls = [client(get()), client(get())]
    first.resolve(new Response(null))

    await expect(calls[1]).rejects.toThrow('thrown')

    expect(await clock.run(() => client(get()))).toMatchObject({ status: 200 })
  })
})
