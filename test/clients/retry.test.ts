import { describe, expect, test } from 'vitest'
import { createRetryBudget } from '../../src/clients/retry-budget.ts'
import { deadline } from '../../src/clients/layers/deadline.ts'
import { retry, type RetryOptions } from '../../src/clients/layers/retry.ts'
import { networkError } from '../../src/core/errors.ts'
import { lightRequest } from '../../src/core/light.ts'
import { stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, hang, type Line, post, scripted, settledBy } from '../support/scripted.ts'

/** A provider that follows the script behind a retry whose pauses are as long as can be. */
function world(options: RetryOptions, ...lines: Line[]) {
  const clock = virtualClock({ startMs: Date.UTC(2026, 0, 1) })
  const provider = scripted(clock, ...lines)
  const client = retry({ baseDelayMs: 100, clock, random: () => 1, ...options })(provider)
  return { clock, provider, client }
}

const answer = (status: number, headers: Record<string, string> = {}) => new Response('answer', { status, headers })

describe('retry', () => {
  test('repeats a 503 until the provider recovers, and pauses longer each time', async () => {
    const { clock, provider, client } = world({}, 503, 503, 200)

    const response = await clock.run(() => client(get()))

    expect(response.status).toBe(200)
    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 100, 300])
  })

  test('repeats a connection that broke', async () => {
    const { clock, provider, client } = world({}, 'reset', 200)

    await clock.run(() => client(get()))

    expect(provider.requests).toHaveLength(2)
  })

  test('returns the last answer, its body unread, when it gives up', async () => {
    const { clock, provider, client } = world({ maxAttempts: 2 }, 502, 503)

    const response = await clock.run(() => client(get()))

    expect(response.status).toBe(503)
    expect(await response.text()).toBe('answer 503')
    expect(provider.requests).toHaveLength(2)
  })

  test('throws the last error when it gives up', async () => {
    const last = networkError('ECONNREFUSED')
    const { clock, client } = world({ maxAttempts: 2 }, 'reset', last)

    await expect(clock.run(() => client(get()))).rejects.toBe(last)
  })

  test('discards the body of an answer that it does not hand over', async () => {
    const failed = answer(503)
    const { clock, client } = world({}, failed, 200)

    await clock.run(() => client(get()))

    expect(failed.bodyUsed).toBe(true)
  })

  test.each([
    ['without an idempotency key', post()],
    ['with an empty one', post({ 'idempotency-key': '' })],
  ])('never repeats a POST %s', async (_key, request) => {
    const { clock, provider, client } = world({}, 503, 200)

    const response = await clock.run(() => client(request))

    expect(response.status).toBe(503)
    expect(provider.requests).toHaveLength(1)
  })

  test.each([
    ['of the platform', () => post({ 'idempotency-key': 'k1' })],
    [
      'in memory',
      () =>
        lightRequest({
          url: 'https://api.test/charges',
          method: 'POST',
          body: 'amount=1',
          headers: { 'idempotency-key': 'k1' },
        }),
    ],
  ])('repeats a POST with an idempotency key, byte for byte: a request %s', async (_kind, request) => {
    const { clock, provider, client } = world({}, 503, 'reset', 200)

    await clock.run(() => client(request()))

    expect(provider.requests.map(({ body }) => body)).toEqual(['amount=1', 'amount=1', 'amount=1'])
    expect(new Set(provider.requests.map(({ headers }) => headers.get('idempotency-key')))).toEqual(new Set(['k1']))
  })

  test('knows a key by the name that the provider gives it', async () => {
    const { clock, provider, client } = world({ keyHeader: 'paypal-request-id' }, 503, 200)

    await clock.run(() => client(post({ 'paypal-request-id': 'k1' })))

    expect(provider.requests).toHaveLength(2)
  })

  test('waits at least as long as the provider asks', async () => {
    const { clock, provider, client } = world({ random: () => 0 }, answer(429, { 'retry-after': '7' }), 200)

    await clock.run(() => client(get()))

    expect(provider.requests.map(({ atMs }) => atMs)).toEqual([0, 7_000])
  })

  test('hands over the answer at once when the provider asks for an hour', async () => {
    const { clock, provider, client } = world({}, answer(429, { 'retry-after': '3600' }), 200)

    const response = await clock.run(() => client(get()))

    expect(response.status).toBe(429)
    expect(clock.monotonic()).toBe(0)
    expect(provider.requests).toHaveLength(1)
  })

  test('hands over the answer at once when the pause would outlast the deadline', async () => {
    const clock = virtualClock()
    const provider = scripted(clock, answer(503, { 'retry-after': '10' }))
    const client = stack(deadline({ timeoutMs: 5_000, clock }), retry({ clock }))(provider)

    const response = await clock.run(() => client(get()))

    expect(response.status).toBe(503)
    expect(clock.monotonic()).toBe(0)
  })

  test('ends a pause in the turn in which the caller gives up, and makes no attempt after it', async () => {
    const { clock, provider, client } = world({ baseDelayMs: 10_000 }, 503)
    const controller = new AbortController()
    const reason = new Error('gone')
    const call = client(get(), { signal: controller.signal })
    await clock.advance(500)

    controller.abort(reason)

    expect(await settledBy(call)).toEqual({ rejected: reason })
    await clock.advance(60_000)
    expect(provider.requests).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  test('makes no attempt after the caller gave up during one', async () => {
    const { clock, provider, client } = world({}, (request, context) =>
      hang(context?.signal ?? request.signal).catch(() => Promise.reject(networkError('ECONNRESET'))),
    )
    const controller = new AbortController()
    const call = client(get(), { signal: controller.signal })

    controller.abort(new Error('gone'))

    await expect(call).rejects.toThrow('fetch failed')
    await clock.advance(60_000)
    expect(provider.requests).toHaveLength(1)
  })

  test('stops when the budget is spent, for all who share it', async () => {
    const clock = virtualClock()
    const budget = createRetryBudget({ ratio: 0, minPerSecond: 0.2, clock })
    const options = { budget, clock, maxAttempts: 10, random: () => 0 }
    const provider = scripted(clock, 503)
    const [one, other] = [retry(options)(provider), retry(options)(provider)]

    await clock.run(() => one(get()))
    await clock.run(() => other(get()))

    expect(provider.requests).toHaveLength(4) // two calls and the two retries that the floor allows in ten seconds
  })

  test('gives the last failure as the cause when the deadline ends the call', async () => {
    const clock = virtualClock()
    const provider = scripted(clock, 503, 'hang')
    const client = stack(deadline({ timeoutMs: 5_000, clock }), retry({ clock }))(provider)

    const error: Error = await clock.run(() => client(get()).then(Promise.reject.bind(Promise), (e: Error) => e))

    expect(error).toMatchObject({ code: 'timeout', facts: { timeoutMs: 5_000, phase: 'total' } })
    expect((error.cause as Error).message).toContain('503')
  })
})
