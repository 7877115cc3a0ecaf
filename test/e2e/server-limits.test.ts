import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { serve, type ServeOptions } from '../../src/adapters/node-server.ts'
import { systemClock } from '../../src/core/clock.ts'
import { lightResponse } from '../../src/core/light.ts'
import { rawExchange } from '../support/raw-exchange.ts'

const limits: ServeOptions = { maxBodyBytes: 1_000, maxHeaderBytes: 4_096 }
const impatient: ServeOptions = { ...limits, bodyTimeoutMs: 60, headersTimeoutMs: 60 }

/** A server with tight limits that must answer well after whatever `attack` does to it. */
async function attacked<T>(
  attack: (server: { url: string; port: number }) => Promise<T>,
  options: ServeOptions = limits,
): Promise<{ outcome: T; reached: number }> {
  let reached = 0
  await using server = await serve(async () => {
    reached++
    return lightResponse('well')
  }, options)
  const outcome = await attack(server)
  const reachedByAttack = reached
  expect(await (await fetch(server.url)).text()).toBe('well')
  return { outcome, reached: reachedByAttack }
}

const head = (line: string, ...headers: string[]) => [line, 'host: a.test', ...headers, '', ''].join('\r\n')

describe('a server under attack', () => {
  test.each([
    ['a target that is no path', head('OPTIONS * HTTP/1.1', 'connection: close'), 400],
    ['a host with a password', 'GET / HTTP/1.1\r\nhost: u:p@a.test\r\nconnection: close\r\n\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nhost: a.test\r\nhost: b.test\r\nconnection: close\r\n\r\n', 400],
    ['an empty host', 'GET /v1/customers HTTP/1.1\r\nhost: \r\nconnection: close\r\n\r\n', 400],
    ['a host with a path', 'GET / HTTP/1.1\r\nhost: a.test/v1\r\nconnection: close\r\n\r\n', 400],
    ['a host with a query', 'GET / HTTP/1.1\r\nhost: a.test?x=\r\nconnection: close\r\n\r\n', 400],
    ['a port without a host', 'GET / HTTP/1.1\r\nhost: :80\r\nconnection: close\r\n\r\n', 400],
    ['no host beside an absolute target', 'GET http://a.test/ HTTP/1.1\r\nhost: \r\nconnection: close\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['an absolute target that is no URL', head('GET http://[::1 HTTP/1.1', 'connection: close'), 400],
    ['an unknown method', head('NOPE / HTTP/1.1'), 400],
    ['a forbidden method', head('TRACE / HTTP/1.1', 'connection: close'), 405],
    ['a tunnel', head('CONNECT a.test:443 HTTP/1.1'), 405],
    ['noise', '\x00\x01\x02\r\n\r\n', 400],
    ['a head without end', head('GET / HTTP/1.1', `x-own: ${'a'.repeat(5_000)}`), 431],
    ['a path without end', head(`GET /${'a'.repeat(5_000)} HTTP/1.1`), 431],
    ['both ways to say a length', head('POST / HTTP/1.1', 'content-length: 3', 'transfer-encoding: chunked'), 400],
    ['a length that is no number', head('POST / HTTP/1.1', 'content-length: -1'), 400],
    ['a chunk that is none', `${head('POST / HTTP/1.1', 'transfer-encoding: chunked')}zz\r\n`, 400],
    ['an announced body that is too large', head('POST / HTTP/1.1', 'content-length: 1001', 'connection: close'), 413],
    [
      'an expectation that nobody knows',
      head('POST / HTTP/1.1', 'expect: tea', 'content-length: 1', 'connection: close'),
      417,
    ],
  ])('answers %s properly', async (_, bytes, status) => {
    const { outcome, reached } = await attacked(({ port }) => rawExchange(port, bytes))

    expect(outcome).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(reached).toBe(0)
  })

  test.each([
    ['a body that never comes', head('POST / HTTP/1.1', 'content-length: 10', 'connection: close')],
    ['half a head', 'GET / HTTP/1.1\r\nhost: a.te'],
  ])('gives up %s', async (_, bytes) => {
    const { outcome, reached } = await attacked(({ port }) => rawExchange(port, bytes), impatient)

    expect(outcome).toMatch(/^HTTP\/1.1 408 /)
    expect(reached).toBe(0)
  })

  test('is closed although a refused tunnel is held open by its client', async () => {
    const server = await serve(async () => lightResponse('well'), limits)
    const client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    client.write(head('CONNECT a.test:443 HTTP/1.1'))
    await once(client, 'data')

    await server.close()

    client.destroy()
  })

  test('outlives a tunnel whose client resets it', async () => {
    const { outcome } = await attacked(async ({ port }) => {
      const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      client.write(head('CONNECT a.test:443 HTTP/1.1'))
      const [answer] = await once(client, 'data')
      client.resetAndDestroy()
      await once(client, 'close')
      return String(answer)
    })

    expect(outcome).toMatch(/^HTTP\/1.1 405 /)
  })

  test('refuses a body in chunks once it is too large', async () => {
    const { outcome, reached } = await attacked(async ({ url }) => {
      const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(600)) })
      const response = await fetch(url, { method: 'POST', body, duplex: 'half' })
      return { status: response.status, text: await response.text() }
    })

    expect(outcome).toEqual({ status: 413, text: 'The body is larger than the 1000 bytes allowed here.\n' })
    expect(reached).toBe(0)
  })

  test('lets a sender of too much read why', async () => {
    const { outcome } = await attacked(
      async ({ url }) => (await fetch(url, { method: 'POST', body: 'a'.repeat(5_000_000) })).status,
    )

    expect(outcome).toBe(413)
  })

  test('takes exactly as much as is allowed', async () => {
    const { reached } = await attacked(({ url }) => fetch(url, { method: 'POST', body: 'a'.repeat(1_000) }))

    expect(reached).toBe(1)
  })

  test('gives up a body that drips', async () => {
    const { outcome, reached } = await attacked(
      ({ port }) =>
        new Promise<string>((resolve) => {
          let text = ''
          const socket = connect(port, '127.0.0.1', () => socket.write(head('POST / HTTP/1.1', 'content-length: 900')))
          const drip = setInterval(() => socket.write('a'), 5)
          socket.on('data', (chunk) => {
            text += chunk.toString()
            clearInterval(drip)
            socket.end()
          })
          socket.on('error', () => {})
          socket.on('close', () => resolve(text))
        }),
      impatient,
    )

    expect(outcome).toMatch(/^HTTP\/1.1 408 /)
    expect(reached).toBe(0)
  })

  test('hangs up on a sender that goes on after it was refused', async () => {
    const { outcome } = await attacked(
      ({ port }) =>
        new Promise<string>((resolve) => {
          let text = ''
          const socket = connect(port, '127.0.0.1', () =>
            socket.write(head('POST / HTTP/1.1', 'transfer-encoding: chunked')),
          )
          const chunk = `258\r\n${'a'.repeat(600)}\r\n`
          const flood = setInterval(() => socket.write(chunk), 5)
          socket.on('data', (answer) => (text += answer.toString()))
          socket.on('error', () => {})
          socket.on('close', () => {
            clearInterval(flood)
            resolve(text)
          })
        }),
    )

    expect(outcome).toMatch(/^HTTP\/1.1 413 /)
  })

  test('keeps no timer for a sender that goes away in the middle of its body', async () => {
    const cancelled = Promise.withResolvers<void>()
    const after = vi.spyOn(systemClock, 'after').mockReturnValue(cancelled.resolve)
    await using server = await serve(async () => lightResponse(''))
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(`${head('POST / HTTP/1.1', 'content-length: 10')}abc`, () => socket.resetAndDestroy())
    })
    await cancelled.promise
    expect(after).toHaveBeenCalledOnce()
    vi.restoreAllMocks()
  })

  test('forgets a sender that goes away in the middle of its body', async () => {
    const { reached } = await attacked(
      ({ port }) =>
        new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => {
            socket.write(`${head('POST / HTTP/1.1', 'content-length: 10')}abc`, () => socket.resetAndDestroy())
          })
          socket.on('close', () => resolve())
        }),
    )

    expect(reached).toBe(0)
  })
})
