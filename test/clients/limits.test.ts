import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { attemptTimeout } from '../../src/clients/layers/attempt-timeout.ts'
import { bulkhead } from '../../src/clients/layers/bulkhead.ts'
import { deadline } from '../../src/clients/layers/deadline.ts'
import { retry } from '../../src/clients/layers/retry.ts'
import { type Context, type Service, stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { drain, get, hang, scripted, settledBy } from '../support/scripted.ts'

const never: Service = () => new Promise(() => {})

/** An answer whose body never ends, whatever anybody does. */
const endless = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }))

describe.each([
  ['attemptTimeout', attemptTimeout, 'attempt'],
  ['deadline', deadline, 'total'],
] as const)('%s', (_name, limit, phase) => {
  test('ends what takes too long, and tells what is within', async () => {
    const clock = virtualClock()
    let told: unknown
    const client = limit({ timeoutMs: 400, clock })(async (_, context) => {
      context?.signal?.addEventListener('abort', () => (told = context.signal?.reason))
      return never(get())
    })

    const error: unknown = await clock.run(() => client(get()).catch((e: unknown) => e as Response))

    expect(error).toMatchObject({ code: 'timeout', facts: { timeoutMs: 400, phase } })
    expect(told).toBe(error)
    expect(clock.monotonic()).toBe(400)
  })

  test.each([
    ['text()', (response: Response) => response.text()],
    ['text(), after a look whether there is a body', (response: Response) => response.body && response.text()],
    ['the stream', drain],
  ])('covers the body, read through %s', async (_how, read) => {
    const clock = virtualClock()
    const client = limit({ timeoutMs: 400, clock })(async () => endless())

    const ended = clock.run(async () => read(await client(get())))

    await expect(ended).rejects.toMatchObject({ code: 'timeout', facts: { phase } })
    expect(clock.monotonic()).toBe(400)
    expect(clock.pending).toBe(0)
  })

  test('covers the body that a bulkhead watches as well', async () => {
    const clock = virtualClock()
    const client = stack(bulkhead({ clock }), limit({ timeoutMs: 400, clock }))(async () => endless())

    const ended = clock.run(async () => (await client(get())).text())

    await expect(ended).rejects.toMatchObject({ code: 'timeout', facts: { phase } })
  })

  test('tells a body that nobody has read yet', async () => {
    const clock = virtualClock()
    const response = await limit({ timeoutMs: 400, clock })(async () => endless())(get())

    await clock.advance(400)

    await expect(response.text()).rejects.toMatchObject({ code: 'timeout' })
  })

  test('passes the caller’s reason on, in the middle of the body too', async () => {
    const clock = virtualClock()
    const controller = new AbortController()
    const client = limit({ timeoutMs: 400, clock })(async () => endless())
    const response = await client(get(), { signal: controller.signal })
    const reading = response.text()

    controller.abort(new Error('gone'))

    expect(await settledBy(reading)).toEqual({ rejected: new Error('gone') })
    expect(clock.pending).toBe(0)
  })

  test('makes no signal where nobody asks for one', async () => {
    const contexts: Context[] = []
    const client = limit({ clock: virtualClock() })(async (_, context) => {
      contexts.push(context as Context)
      return new Response(null)
    })
    await client(get())

    expect(contexts[0]?.signal?.aborted).toBe(false)
    expect(contexts[0]?.signal).toBe(contexts[0]?.signal)
  })

  test('gives who asks late a signal that is aborted already', async () => {
    const clock = virtualClock()
    let context: Context | undefined
    const client = limit({ timeoutMs: 400, clock })((_, given) => {
      context = given
      return never(get())
    })

    await clock.run(() => client(get()).catch(() => {}))

    expect(context?.signal?.reason).toMatchObject({ code: 'timeout' })
  })

  test('leaves no listener on the caller’s signal', async () => {
    const { signal } = new AbortController()
    const client = limit({ clock: virtualClock() })(async () => new Response(null))

    await Promise.all([client(get(), { signal }), client(get(), { signal })])

    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('hangs a thousand calls on one listener', async () => {
    const controller = new AbortController()
    const client = limit({ clock: virtualClock() })(never)
    const calls = Array.from({ length: 1_000 }, () => client(get(), { signal: controller.signal }))

    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    controller.abort(new Error('gone'))

    expect((await Promise.allSettled(calls)).every(({ status }) => status === 'rejected')).toBe(true)
  })

  test('lets an answer that comes too late go, and discards it', async () => {
    const clock = virtualClock()
    const late = new Response('late')
    const client = limit({ timeoutMs: 400, clock })(async () => {
      await clock.sleep(1_000)
      return late
    })

    await clock.run(() => client(get()).catch(() => {}))
    await clock.advance(1_000)

    expect(late.bodyUsed).toBe(true)
  })

  test('still says where an answer came from', async () => {
    const response = await limit({ clock: virtualClock() })(async () => new Response('x', { headers: { a: 'b' } }))(
      get(),
    )

    expect(response).toBeInstanceOf(Response)
    expect(response.headers.get('a')).toBe('b')
    expect(await response.clone().text()).toBe('x')
    expect(await response.text()).toBe('x')
    expect(response.bodyUsed).toBe(true)
    await expect(response.text()).rejects.toThrow(TypeError)
  })

  test('rejects when what is within throws instead of rejecting', async () => {
    const clock = virtualClock()
    const client = limit({ clock })(() => {
      throw new Error('thrown')
    })

    await expect(client(get())).rejects.toThrow('thrown')
    expect(clock.pending).toBe(0)
  })
})

describe('deadline', () => {
  test('tells what is within when the call must have ended', async () => {
    const clock = virtualClock()
    const provider = scripted(clock, 204)
    await clock.advance(1_000)

    await deadline({ timeoutMs: 500, clock })(provider)(get())

    expect(provider.requests[0]?.context?.deadlineAtMs).toBe(1_500)
  })

  test('keeps a sooner deadline of the caller', async () => {
    const clock = virtualClock()
    const call = clock.run(() => deadline({ timeoutMs: 500, clock })(never)(get(), { deadlineAtMs: 200 }))

    await expect(call).rejects.toMatchObject({ facts: { timeoutMs: 200, phase: 'total' } })
  })

  test('ends the attempt that is under way', async () => {
    const clock = virtualClock()
    const client = stack(
      deadline({ timeoutMs: 1_500, clock }),
      retry({ clock, random: () => 0 }),
      attemptTimeout({ timeoutMs: 1_000, clock }),
    )
    const signals: (AbortSignal | undefined)[] = []
    const provider: Service = (_, context) => {
      signals.push(context?.signal)
      return hang(context?.signal)
    }

    await expect(clock.run(() => client(provider)(get()))).rejects.toMatchObject({
      facts: { phase: 'total' },
      cause: { code: 'timeout' },
    })
    expect(clock.monotonic()).toBe(1_500)
    expect(signals.map((signal) => (signal as { reason: { facts: unknown } }).reason.facts)).toEqual([
      { timeoutMs: 1_000, phase: 'attempt' },
      { timeoutMs: 1_500, phase: 'total' },
    ])
    expect(clock.pending).toBe(0)
  })
})
