import { createServer, request as httpRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseSync } from 'node:sqlite'
import { Stripe } from 'stripe'
import { afterEach, describe, expect, test } from 'vitest'
import { serve, type ServeOptions } from '../../src/adapters/node-server.ts'
import { toNodeListener } from '../../src/adapters/node-listener.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { type ReceiverLine } from '../../src/webhooks/receiver-options.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { createWorker } from '../../src/webhooks/worker.ts'

const secret = 'whsec_e2e0123456789abcdef'
const { webhooks } = new Stripe('sk_test_unused')
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function payloadOf(id: string): string {
  return JSON.stringify({
    id,
    object: 'event',
    type: 'payment_intent.succeeded',
    created: 1,
    data: { object: { id: 'pi_1' } },
  })
}

/** Headers as the official library makes them. */
function signed(payload: string, signedWith = secret): Record<string, string> {
  const header = webhooks.generateTestHeaderString({ payload, secret: signedWith })
  return { 'content-type': 'application/json', 'stripe-signature': header }
}

function makeReceiver() {
  const folder = mkdtempSync(join(tmpdir(), 'goodfence-receiver-'))
  const inbox = createSqliteInbox({ database: join(folder, 'inbox.db') })
  cleanups.push(
    () => rmSync(folder, { recursive: true }),
    () => inbox[Symbol.asyncDispose](),
  )
  const lines: ReceiverLine[] = []
  const receiver = createReceiver({ provider: stripe, secrets: [secret], inbox, log: (line) => lines.push(line) })
  return { inbox, receiver, lines }
}

async function start(options: ServeOptions = {}) {
  const { inbox, receiver, lines } = makeReceiver()
  const server = await serve(receiver, options)
  cleanups.push(() => server.close())
  const send = async (payload: string, headers: Record<string, string> = signed(payload)) => {
    const response = await fetch(`${server.url}/hooks/stripe`, { method: 'POST', body: payload, headers })
    await response.body?.cancel()
    return response.status
  }
  const counts = async () => (await inbox.inspect({ limit: 0 })).counts
  return { inbox, server, lines, send, counts }
}

describe('a receiver on node:http', () => {
  test('takes what the official library signed, once, and its worker handles it once', async () => {
    const { inbox, send, counts } = await start()
    const payload = payloadOf('evt_1')
    const statuses = await Promise.all(Array.from({ length: 8 }, () => send(payload)))
    expect(statuses).toEqual(Array(8).fill(200))
    expect(await counts()).toMatchObject({ ready: 1 })

    const handled: string[] = []
    const worker = createWorker<DatabaseSync>({
      inbox,
      handle: (event, { effect }) => effect(() => void handled.push(event.id)),
    })
    await worker.drain()
    expect(await send(payload)).toBe(200)
    await worker.drain()
    expect(handled).toEqual(['evt_1'])
  })

  test('refuses what is forged, changed, replayed or bare, and goes on', async () => {
    const { send, counts, lines } = await start()
    const payload = payloadOf('evt_1')
    const old = webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(Date.now() / 1000) - 3_600 })
    expect(await send(payload, signed(payload, 'whsec_forged'))).toBe(401)
    expect(await send(payloadOf('evt_2'), signed(payload))).toBe(401)
    expect(await send(payload, { 'stripe-signature': old })).toBe(401)
    expect(await send(payload, {})).toBe(401)
    expect(lines.map(({ reason }) => reason)).toEqual([
      'signature_mismatch',
      'signature_mismatch',
      'too_old',
      'header_missing',
    ])
    expect(await send(payload)).toBe(200)
    expect(await counts()).toMatchObject({ ready: 1 })
  })

  test('refuses a signature header that comes twice', async () => {
    const { server, lines } = await start()
    const payload = payloadOf('evt_1')
    const headers = ['host', 'localhost', 'content-length', String(payload.length)]
    for (const each of ['whsec_forged', secret])
      headers.push('stripe-signature', signed(payload, each)['stripe-signature'] as string)
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${server.url}/`, { method: 'POST', headers }, (response) =>
        resolve(response.resume().statusCode),
      )
      request.once('error', reject).end(payload)
    })
    expect(status).toBe(401)
    expect(lines).toMatchObject([{ reason: 'header_repeated' }])
  })

  test('refuses a huge body and goes on', async () => {
    const { send } = await start()
    const payload = JSON.stringify({ id: 'evt_1', type: 'a', filler: 'x'.repeat(2 ** 20) })
    expect(await send(payload)).toBe(413)
    expect(await send(payloadOf('evt_2'))).toBe(200)
  })

  test('cuts off bodies that drip while others are taken', async () => {
    const { server, send } = await start({ bodyTimeoutMs: 300 })
    const answers = Array.from({ length: 20 }, () => {
      const socket = connect(server.port, '127.0.0.1')
      cleanups.push(() => socket.destroy())
      socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{')
      return new Promise<string>((resolve, reject) => {
        socket.once('data', (chunk) => resolve(chunk.toString().split('\r\n', 1)[0] as string))
        socket.once('error', reject)
      })
    })
    expect(await send(payloadOf('evt_1'))).toBe(200)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']))
    expect(await send(payloadOf('evt_2'))).toBe(200)
  })

  test('explains how to mount it when a body parser has read the body before', async () => {
    const { receiver } = makeReceiver()
    const listener = toNodeListener(receiver, { onError: () => {} })
    const server = createServer((incoming, outgoing) => {
      // What a JSON parser of a framework does to every request.
      incoming.toArray().then(
        () => listener(Object.assign(incoming, { body: {} }), outgoing),
        () => outgoing.destroy(),
      )
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => server.close())
    const payload = payloadOf('evt_1')
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: payload,
      headers: signed(payload),
    })
    expect(response.status).toBe(500)
    expect(await response.text()).toMatch(/read|parser|consumed/i)
  })
})
