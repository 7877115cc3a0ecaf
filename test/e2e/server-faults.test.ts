import { describe, expect, test } from 'vitest'
import { serve } from '../../src/adapters/node-server.ts'
import { networkError } from '../../src/core/errors.ts'
import { lightResponse } from '../../src/core/light.ts'
import { type Service } from '../../src/core/service.ts'
import { rawExchange } from '../support/raw-exchange.ts'

/** A body that gives some bytes and then breaks off. */
function cutBody(
  text: string,
  error: Error = networkError('UND_ERR_SOCKET', 'terminated'),
): ReadableStream<Uint8Array> {
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(error)
      else controller.enqueue(Buffer.from(text))
      sent = true
    },
  })
}

describe('a service that gives no answer', () => {
  test.each([
    ['ECONNRESET', 'ECONNRESET'],
    ['UND_ERR_SOCKET', 'UND_ERR_SOCKET'],
  ] as const)('by %s makes fetch reject with %s', async (thrown, caught) => {
    await using server = await serve(async () => {
      throw networkError(thrown)
    })

    await expect(fetch(server.url, { method: 'POST', body: 'a' })).rejects.toMatchObject({
      message: 'fetch failed',
      cause: { code: caught },
    })
  })

  test('by never settling leaves the caller waiting until it gives up', async () => {
    const asked = Promise.withResolvers<void>()
    await using server = await serve(() => {
      asked.resolve()
      return new Promise(() => {})
    })
    const controller = new AbortController()
    const response = fetch(server.url, { signal: controller.signal })
    await asked.promise
    controller.abort()

    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('by never settling does not keep the server from closing', async () => {
    const asked = Promise.withResolvers<void>()
    const server = await serve(() => {
      asked.resolve()
      return new Promise(() => {})
    })
    const response = fetch(server.url)
    response.catch(() => {})
    await asked.promise
    await server.close()

    await expect(response).rejects.toMatchObject({ message: 'fetch failed' })
  })
})

describe('a body that breaks off', () => {
  test.each<[string, Service]>([
    [
      'with its length announced',
      async () => new Response(cutBody('{"id":'), { headers: { 'content-length': '100' } }),
    ],
    ['in chunks', async () => new Response(cutBody('{"id":'))],
    ['by a reset', async () => new Response(cutBody('{"id":', networkError('ECONNRESET', 'terminated')))],
    ['by announcing more than is there', async () => lightResponse('{"id":', { headers: { 'content-length': '100' } })],
  ])('ends the connection after the bytes sent so far: %s', async (_, service) => {
    await using server = await serve(service, { keepAliveMs: 600_000 })
    const response = await fetch(server.url)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const first = await reader.read()

    expect(response.status).toBe(200)
    expect(Buffer.from(first.value as Uint8Array).toString()).toBe('{"id":')
    await expect(reader.read()).rejects.toMatchObject({ message: 'terminated' })
  })

  test('ends the connection also behind an answer that is still under way', { timeout: 3_000 }, async () => {
    const first = Promise.withResolvers<Response>()
    const cut = new ReadableStream<Uint8Array>(
      {
        start: (controller) => controller.enqueue(Buffer.from('{"id":')),
        pull(controller) {
          controller.error(networkError('UND_ERR_SOCKET', 'terminated'))
          setImmediate(() => first.resolve(lightResponse('whole')))
        },
      },
      { highWaterMark: 0 },
    )
    const answers = [first.promise, new Response(cut, { headers: { 'content-length': '100' } })]
    await using server = await serve(async () => answers.shift() as Response, { keepAliveMs: 600_000 })
    const pipelined = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2)

    expect(await rawExchange(server.port, pipelined)).toMatch(/whole.*\{"id":$/s)
  })

  test('in silence leaves the caller waiting in its middle', async () => {
    const hung = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(Buffer.from('{')) })
    await using server = await serve(async () => new Response(hung))
    const controller = new AbortController()
    const response = await fetch(server.url, { signal: controller.signal })
    const text = response.text()
    controller.abort()

    await expect(text).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a caller that goes away', () => {
  test('does not keep the service from finishing what it began', async () => {
    const asked = Promise.withResolvers<Request>()
    const goOn = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    await using server = await serve(async (request) => {
      asked.resolve(request)
      await goOn.promise
      done.resolve()
      return lightResponse('nobody reads this')
    })
    const controller = new AbortController()
    const response = fetch(server.url, { signal: controller.signal })
    const request = await asked.promise
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
    goOn.resolve()
    await done.promise

    expect(request.signal.aborted).toBe(false)
    expect((await fetch(server.url)).status).toBe(200)
  })

  test('hears nothing of a defect that shows afterwards, and the server lives on', async () => {
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<Response>()
    const reported = Promise.withResolvers<unknown>()
    const service = (): Promise<Response> => {
      asked.resolve()
      return answer.promise
    }
    await using server = await serve(service, { onError: reported.resolve })
    const controller = new AbortController()
    const response = fetch(server.url, { signal: controller.signal })
    await asked.promise
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
    const defect = new Error('a defect')
    answer.reject(defect)

    expect(await reported.promise).toBe(defect)
    await expect(fetch(server.url)).resolves.toMatchObject({ status: 500 })
  })

  test('stops the stream that it was reading', async () => {
    const cancelled = Promise.withResolvers<void>()
    await using server = await serve(
      async () =>
        new Response(
          new ReadableStream({ start: (own) => own.enqueue(Buffer.from('a')), cancel: () => cancelled.resolve() }),
        ),
    )
    const response = await fetch(server.url)
    await response.body?.cancel()

    await cancelled.promise
    expect(response.status).toBe(200)
  })
})

async function readBefore(): Promise<Response> {
  const response = new Response('a')
  await response.text()
  return response
}

describe('a service with a defect', () => {
  test.each<[string, Service]>([
    ['rejects', async () => Promise.reject(new Error('secret sk_live_1'))],
    ['gives a header that cannot be sent', async () => lightResponse('', { headers: { 'x-own': '\u0001' } })],
    [
      'gives a stream under a header that cannot be sent',
      async () => new Response(cutBody('a'), { headers: { 'x-own': '\u0001' } }),
    ],
    ['gives a body that was read', async () => readBefore()],
    ['gives no response', async () => undefined as unknown as Response],
  ])('is answered for with a 500 that tells nothing, and reported: %s', async (_, service) => {
    const errors: unknown[] = []
    await using server = await serve(service, { onError: (error) => errors.push(error) })
    const response = await fetch(server.url)

    expect(response.status).toBe(500)
    expect(await response.text()).toBe('The service behind this server failed.\n')
    expect(errors).toHaveLength(1)
  })

  test('throws before it gives a promise, and the server lives on', async () => {
    const errors: unknown[] = []
    await using server = await serve(
      () => {
        throw new Error('at once')
      },
      { onError: (error) => errors.push(error) },
    )

    expect([(await fetch(server.url)).status, (await fetch(server.url)).status]).toEqual([500, 500])
    expect(errors).toHaveLength(2)
  })
})
