import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { bytesOf } from '../../src/core/body.ts'
import { lightRequest } from '../../src/core/light.ts'
import { type Context, type Service } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { wire } from '../../src/core/wire.ts'

describe('wire', () => {
  test('lets the provider finish what it began when the caller gives up', async () => {
    const clock = virtualClock()
    const effects: string[] = []
    const mock: Service = async (request) => {
      await clock.sleep(100)
      effects.push(new TextDecoder().decode(await bytesOf(request)))
      return new Response('done')
    }
    const controller = new AbortController()
    const reason = new Error('enough')
    await clock.run(async () => {
      clock.after(10, () => controller.abort(reason))
      const request = new Request('https://api.test/charges', { method: 'POST', body: 'amount=1' })
      await expect(wire(mock)(request, { signal: controller.signal })).rejects.toBe(reason)
      expect(clock.monotonic()).toBe(10)
      await clock.sleep(200)
    })
    expect(effects).toEqual(['amount=1'])
  })

  test('hands over a copy, without the context of the caller', async () => {
    const seen: { request?: Request; context?: Context | undefined } = {}
    const mock: Service = async (request, context) => {
      Object.assign(seen, { request, context })
      request.headers.set('x-changed', 'by the mock')
      return new Response()
    }
    const request = new Request('https://api.test/', { headers: { 'x-own': '1' } })
    await wire(mock)(request, { deadlineAtMs: 5 })
    expect(seen.context).toBeUndefined()
    expect(seen.request).not.toBe(request)
    expect(seen.request?.headers.get('x-own')).toBe('1')
    expect(request.headers.has('x-changed')).toBe(false)
  })

  test('listens to a context without having it make its signal', async () => {
    const reason = new Error('enough')
    const callbacks = new Set<(reason: unknown) => void>()
    const context: Context = {
      get signal(): AbortSignal {
        throw new Error('made for nobody')
      },
      onAbort(callback) {
        callbacks.add(callback)
        return () => void callbacks.delete(callback)
      },
    }
    const request = () => lightRequest({ url: 'https://api.test/' })

    await wire(async () => new Response())(request(), context)
    expect(callbacks.size).toBe(0)

    const hanging = wire(() => new Promise(() => {}))(request(), context)
    for (const callback of callbacks) callback(reason)
    await expect(hanging).rejects.toBe(reason)
  })

  test('breaks the body off when the caller gives up in its middle', async () => {
    const mock: Service = async () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([1, 2, 3])) }))
    const controller = new AbortController()
    const response = await wire(mock)(new Request('https://api.test/'), { signal: controller.signal })
    const reason = new Error('enough')
    const body = response.arrayBuffer()
    controller.abort(reason)
    await expect(body).rejects.toBe(reason)
  })

  test('rejects in the turn in which the caller gives up a body that is slow to be sent', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const body = new ReadableStream({ pull: () => new Promise(() => {}) })
    const request = new Request('https://api.test/', { method: 'POST', body, duplex: 'half' })
    const answer = wire(async () => new Response())(request, { signal: controller.signal })
    controller.abort(reason)
    await expect(answer).rejects.toBe(reason)
  })

  test('tells the provider that nobody reads the body of an answer that comes too late', async () => {
    const late = Promise.withResolvers<Response>()
    const cancelled = Promise.withResolvers<void>()
    const controller = new AbortController()
    const reason = new Error('enough')
    const answer = wire(() => late.promise)(new Request('https://api.test/'), { signal: controller.signal })
    await Promise.resolve()
    controller.abort(reason)
    await expect(answer).rejects.toBe(reason)
    late.resolve(new Response(new ReadableStream({ cancel: () => cancelled.resolve() })))
    await cancelled.promise
  })

  test.each([
    ['ends', (sender: ReadableStreamDefaultController) => sender.close()],
    ['breaks off', (sender: ReadableStreamDefaultController) => sender.error(new TypeError('terminated'))],
  ])('listens no more to the signal once the body %s', async (_name, end) => {
    const { signal } = new AbortController()
    const body = new ReadableStream({ start: end })
    const response = await wire(async () => new Response(body))(new Request('https://api.test/'), { signal })
    await response.text().catch(() => {})
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('rejects at once when the signal was aborted before', async () => {
    const reason = new Error('too late')
    let reached = false
    const mock: Service = async () => {
      reached = true
      return new Response()
    }
    await expect(wire(mock)(new Request('https://api.test/'), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    expect(reached).toBe(false)
  })

  test('passes on a refusal to answer as it is', async () => {
    const failure = new TypeError('fetch failed')
    await expect(wire(() => Promise.reject(failure))(new Request('https://api.test/'))).rejects.toBe(failure)
  })

  test('takes what fetch takes, for code that expects one', async () => {
    const seen: string[] = []
    const mock: Service = async (request) => {
      const body = new TextDecoder().decode(await bytesOf(request))
      seen.push([request.method, request.url, request.headers.get('content-type'), body].join(' '))
      return new Response()
    }
    const send: typeof fetch = wire(mock)
    const form = 'application/x-www-form-urlencoded;charset=UTF-8'
    await send('https://api.test/a')
    await send(new URL('https://api.test/b'), { method: 'POST', body: new URLSearchParams({ amount: '1' }) })
    await send(new Request('https://api.test/c'), { method: 'PUT', headers: { 'content-type': 'x/y' }, body: 'z' })
    await send(lightRequest({ url: 'https://api.test/d' }), { method: 'DELETE' })
    expect(seen).toEqual([
      'GET https://api.test/a  ',
      `POST https://api.test/b ${form} amount=1`,
      'PUT https://api.test/c x/y z',
      'DELETE https://api.test/d  ',
    ])
  })

  test('honours the signal that comes with an address', async () => {
    const reason = new Error('too late')
    const answer = wire(async () => new Response())('https://api.test/', { signal: AbortSignal.abort(reason) })
    await expect(answer).rejects.toBe(reason)
  })

  test('rejects what is no address, as fetch does', async () => {
    await expect(wire(async () => new Response())('/v1/charges')).rejects.toThrow(
      'Failed to parse URL from /v1/charges',
    )
  })
})
