import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { serve, type ServeOptions } from '../../src/adapters/node-server.ts'
import { systemClock } from '../../src/core/clock.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { type ReceiverLine, type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { rawExchange } from '../support/raw-exchange.ts'

const secret = 'whsec_sockets0123456789'
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function start(options: Partial<ReceiverOptions> = {}, serveOptions: ServeOptions = {}) {
  const lines: ReceiverLine[] = []
  const inbox = createMemoryInbox()
  const log = (line: ReceiverLine) => void lines.push(line)
  const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox, log, ...options })
  const server = await serve(receiver, serveOptions)
  cleanups.push(() => server.close())
  const send = async (id: string, filler = '') => {
    const body = JSON.stringify({ id, type: 'a', filler })
    const { headers } = sign(stripe.webhooks.scheme, { secret, body: Buffer.from(body), timestampMs: Date.now() })
    const response = await fetch(`${server.url}/hooks`, { method: 'POST', body, headers })
    return { status: response.status, text: await response.text() }
  }
  return { ...server, port: server.port, lines, send }
}

const head = (...headers: string[]) => ['POST / HTTP/1.1', 'host: localhost', ...headers, '', ''].join('\r\n')

/** A sender that writes a byte now and then, and what it is answered. */
function drip(port: number): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1', () => socket.write(head('content-length: 100000')))
  const timer = setInterval(() => socket.write(' '), 100)
  const answer = new Promise<string>((resolve, reject) => {
    socket.once('data', (chunk) => resolve(chunk.toString().split('\r\n', 1)[0] as string))
    socket.once('error', reject)
  }).finally(() => clearInterval(timer))
  cleanups.push(() => {
    clearInterval(timer)
    socket.destroy()
  })
  return { socket, answer }
}

describe('a receiver on sockets', () => {
  test('takes deliveries within a second while a hundred others drip, and cuts those off', async () => {
    const { port, send, lines } = await start({ bodyTimeoutMs: 2_000 })
    const drips = Array.from({ length: 100 }, () => drip(port))
    await Promise.all(drips.map(({ socket }) => new Promise((resolve) => void socket.once('connect', resolve))))
    const tookMs: number[] = []
    for (let count = 0; count < 10; count++) {
      const beganMs = systemClock.monotonic()
      expect((await send(`evt_${count}`)).status).toBe(200)
      tookMs.push(systemClock.monotonic() - beganMs)
    }
    expect(lines.filter(({ outcome }) => outcome !== 'stored')).toEqual([]) // no drip was cut off before
    expect(Math.max(...tookMs)).toBeLessThan(1_000)
    const answers = await Promise.all(drips.map(({ answer }) => answer))
    expect(new Set(answers)).toEqual(new Set(['HTTP/1.1 408 Request Timeout']))
    expect(lines.filter(({ outcome }) => outcome === 'body_too_slow')).toHaveLength(100)
  })

  test('refuses by path, method, encoding and length before any byte of a body', async () => {
    const { port, lines } = await start({ path: '/hooks' })
    const first = async (line: string, ...more: string[]) => {
      const answer = await headOnly(port, line, ...more)
      return Number(answer.split(' ')[1])
    }
    expect(await first('POST /other HTTP/1.1', 'content-length: 10')).toBe(404)
    expect(await first('PUT /hooks HTTP/1.1', 'content-length: 10')).toBe(405)
    expect(await first('POST /hooks HTTP/1.1', 'content-length: 10', 'content-encoding: gzip')).toBe(415)
    expect(await first('POST /hooks HTTP/1.1', 'content-length: 1048577')).toBe(413)
    expect(lines.map(({ outcome }) => outcome)).toEqual([
      'not_found',
      'method_not_allowed',
      'encoding_unsupported',
      'body_too_large',
    ])
  })

  test('keeps a connection for the next delivery after a refusal that was read to its end', async () => {
    const { port } = await start({ maxBytes: 10 })
    const refused = `${head('content-length: 11')}12345678901`
    const answers = await rawExchange(port, refused, `${head('content-length: 1', 'connection: close')}1`)
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 401'])
  })

  test('hangs up on a sender that goes on after its refusal', async () => {
    const { port, send } = await start({ path: '/hooks' })
    const socket = connect(port, '127.0.0.1', () => socket.write(head('transfer-encoding: chunked')))
    const flood = setInterval(() => socket.write('1\r\na\r\n'), 20)
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('error', () => {})
    await new Promise((resolve) => void socket.once('close', resolve))
    clearInterval(flood)
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    expect((await send('evt_1')).status).toBe(200)
  })

  test('is not reached by a head over 16 KiB', async () => {
    const { port, lines, send } = await start()
    const answer = await rawExchange(port, head(`x-own: ${'a'.repeat(17_000)}`))
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(lines).toEqual([])
    expect((await send('evt_1')).status).toBe(200)
  })

  test('takes what a raised limit allows without being told twice', async () => {
    const { send } = await start({ maxBytes: 30 * 2 ** 20 })
    expect((await send('evt_1', 'x'.repeat(25 * 2 ** 20))).status).toBe(200)
  })
})

/** Sends a head alone and gives back what is answered to it. */
function headOnly(port: number, line: string, ...headers: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write([line, 'host: localhost', ...headers, '', ''].join('\r\n')),
    )
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      resolve(chunk.toString())
      socket.destroy()
    })
  })
}
