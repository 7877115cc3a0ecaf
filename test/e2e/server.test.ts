import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { serve, toNodeListener } from '../../src/adapters/node-server.ts'
import { bytesOf } from '../../src/core/body.ts'
import { lightResponse } from '../../src/core/light.ts'
import { type Service } from '../../src/core/service.ts'
import { rawExchange } from '../support/raw-exchange.ts'

describe('serve', () => {
  test('hands over method, URL, headers and bytes as they were sent', async () => {
    let seen: Request | undefined
    await using server = await serve(async (request) => {
      seen = request
      return lightResponse('')
    })
    const body = new Uint8Array([0, 255, 13, 10])
    await fetch(`${server.url}/v1/a%20b?x[y]=1&z=%C3%A9`, { method: 'PATCH', headers: { 'X-Own': 'é' }, body })

    expect(seen?.method).toBe('PATCH')
    expect(seen?.url).toBe(`${server.url}/v1/a%20b?x[y]=1&z=%C3%A9`)
    expect(seen?.headers.get('x-own')).toBe('é')
    expect(await bytesOf(seen as Request)).toEqual(body)
  })

  test('shows a header that was sent twice as both of its values', async () => {
    await using server = await serve(async (request) => lightResponse(request.headers.get('authorization')))

    expect(
      await rawExchange(
        server.port,
        'GET / HTTP/1.1\r\nhost: a.test\r\nauthorization: one\r\nauthorization: two\r\nconnection: close\r\n\r\n',
      ),
    ).toMatch(/\r\n\r\none, two$/)
  })

  test.each<[string, Service]>([
    [
      'light text',
      async () =>
        lightResponse('é', {
          status: 201,
          headers: [
            ['x-own', '1'],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
    ],
    [
      'light bytes',
      async () =>
        lightResponse(new Uint8Array([0xc3, 0xa9]), {
          status: 201,
          headers: [
            ['x-own', '1'],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
    ],
    [
      'the platform’s',
      async () =>
        new Response('é', {
          status: 201,
          headers: [
            ['x-own', '1'],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        }),
    ],
  ])('sends status, headers and bytes of a response: %s', async (_, service) => {
    await using server = await serve(service)
    const response = await fetch(server.url)

    expect(response.status).toBe(201)
    expect(response.headers.get('x-own')).toBe('1')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.bytes()).toEqual(new Uint8Array([0xc3, 0xa9]))
  })

  test('says how long a body in memory is', async () => {
    await using server = await serve(async () => lightResponse('é'))

    expect((await fetch(server.url)).headers.get('content-length')).toBe('2')
  })

  test.each([204, 304])('sends a %i without a body', async (status) => {
    await using server = await serve(async () => lightResponse(null, { status }))
    const text = await rawExchange(server.port, 'GET / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n')

    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text).toMatch(/\r\n\r\n$/)
    expect(text).not.toMatch(/content-length|transfer-encoding/i)
  })

  test.each<[string, Service]>([
    ['in memory', async () => lightResponse('12345')],
    ['from a stream', async () => new Response('12345', { headers: { 'content-length': '5' } })],
    ['that never comes', async () => new Response(new ReadableStream(), { headers: { 'content-length': '5' } })],
  ])('answers HEAD with the head alone, for a body %s', async (_, service) => {
    await using server = await serve(service)
    const text = await rawExchange(server.port, 'HEAD / HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n')

    expect(text).toMatch(/content-length: 5\r\n/i)
    expect(text).toMatch(/\r\n\r\n$/)
  })

  test('sends each part of a stream when it is there', async () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    await using server = await serve(
      async () => new Response(new ReadableStream<Uint8Array>({ start: (own) => void (controller = own) })),
    )
    const response = await fetch(server.url)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const received: string[] = []
    for (const part of ['one', 'two']) {
      controller?.enqueue(Buffer.from(part))
      received.push(Buffer.from((await reader.read()).value as Uint8Array).toString())
    }
    controller?.close()

    expect(received).toEqual(['one', 'two'])
    expect((await reader.read()).done).toBe(true)
  })

  test('waits for a slow reader instead of keeping a stream in memory', async () => {
    let produced = 0
    const stream = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(new Uint8Array(2 ** 20))
          if (++produced === 64) controller.close()
        },
      })
    await using server = await serve(async () => new Response(stream()))
    const response = await fetch(server.url)
    const before = produced
    const { byteLength } = await response.arrayBuffer()

    expect(before).toBeLessThan(64)
    expect(byteLength).toBe(64 * 2 ** 20)
  })

  test('refuses a port that is taken, and names it', async () => {
    await using first = await serve(async () => lightResponse(''))

    await expect(serve(async () => lightResponse(''), { port: first.port })).rejects.toMatchObject({
      code: 'port_taken',
      facts: { host: '127.0.0.1', port: first.port },
      message: expect.stringContaining(`Port ${first.port} of 127.0.0.1 is taken`),
    })
  })

  test('refuses a host that is not of this machine', async () => {
    await expect(serve(async () => lightResponse(''), { host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'environment',
    })
  })

  test('can be closed twice, and listens no more', async () => {
    const server = await serve(async () => lightResponse(''))
    await fetch(server.url)
    await Promise.all([server.close(), server.close()])

    await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  test('lets an answer under way finish while it closes', async () => {
    const answer = Promise.withResolvers<Response>()
    const asked = Promise.withResolvers<void>()
    const server = await serve(
      () => {
        asked.resolve()
        return answer.promise
      },
      { closeGraceMs: 20_000 },
    )
    const response = fetch(server.url, { headers: { connection: 'close' } })
    await asked.promise
    const closed = server.close()
    answer.resolve(lightResponse('done'))

    expect(await (await response).text()).toBe('done')
    await closed
  })
})

describe('toNodeListener', () => {
  async function behindParser(keep: (incoming: IncomingMessage, bytes: Buffer) => void) {
    const listener = toNodeListener(async (request) => lightResponse(await bytesOf(request)), { onError: () => {} })
    const http = createServer((incoming, outgoing) => {
      const parsed = incoming.toArray().then((chunks) => keep(incoming, Buffer.concat(chunks)))
      void parsed.then(() => listener(incoming, outgoing))
    })
    await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`
    const response = await fetch(url, { method: 'POST', body: '{"a": 1.0}' })
    const outcome = { status: response.status, text: await response.text() }
    http.close()
    http.closeAllConnections()
    return outcome
  }

  test('takes the bytes that a body parser has kept', async () => {
    const outcome = await behindParser((incoming, rawBody) => Object.assign(incoming, { rawBody, body: { a: 1 } }))

    expect(outcome).toEqual({ status: 200, text: '{"a": 1.0}' })
  })

  test('says what is wrong where a body parser kept no bytes', async () => {
    const outcome = await behindParser((incoming) => Object.assign(incoming, { body: { a: 1 } }))

    expect(outcome.status).toBe(500)
    expect(outcome.text).toContain('Mount goodfence before the parser')
  })
})
