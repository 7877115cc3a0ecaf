import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from '../../src/clients/client.ts'
import { createStripeClient } from '../../src/clients/stripe.ts'
import { systemClock } from '../../src/core/clock.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

let stop: (() => void) | undefined
afterEach(() => stop?.())

async function serve(...handlers: Handler[]): Promise<{ url: string; bodies: string[]; closed: Promise<void> }> {
  const bodies: string[] = []
  let onClosed: () => void
  const closed = new Promise<void>((resolve) => (onClosed = resolve))
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    bodies.push(body)
    response.on('close', () => void (response.writableFinished || onClosed()))
    handlers[Math.min(bodies.length, handlers.length) - 1]?.(request, response, body)
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, closed }
}

const answer =
  (status: number, text = '{}'): Handler =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(text)
const reset: Handler = (request) => void request.socket.resetAndDestroy()
const stall: Handler = (_, response) => void response.writeHead(200).write('half')

describe('a client over a socket', () => {
  test('sends a create that was reset again, byte for byte', async () => {
    const { url, bodies } = await serve(reset, answer(503), answer(200, '{"id":"pi_1"}'))
    const stripe = createStripeClient({ apiKey: 'sk_test_1', baseUrl: url, retry: { baseDelayMs: 1 } })

    const { data } = await stripe.POST('/v1/payment_intents', { body: { amount: 1_000, currency: 'eur' } })

    expect(data?.id).toBe('pi_1')
    expect(bodies).toEqual(Array.from({ length: 3 }, () => 'amount=1000&currency=eur'))
  })

  test('repeats a request of the platform with its body', async () => {
    const { url, bodies } = await serve(answer(503), answer(200))
    const client = createClient({ retry: { baseDelayMs: 1 } })

    const response = await client(new Request(url, { method: 'PUT', body: 'hello' }))

    expect(response.status).toBe(200)
    expect(bodies).toEqual(['hello', 'hello'])
  })

  test('ends a body that stalls, and closes the connection', async () => {
    const { url, closed } = await serve(stall)
    const client = createClient({ attemptTimeout: { timeoutMs: 100 } })
    const response = await client(new Request(url))

    await expect(response.text()).rejects.toMatchObject({ code: 'timeout', facts: { phase: 'attempt' } })

    await closed
  })

  test('ends an answer that does not come, and closes the connection', async () => {
    const { url, closed } = await serve(() => {})
    const client = createClient({ deadline: { timeoutMs: 100 } })

    await expect(client(new Request(url))).rejects.toMatchObject({ code: 'timeout', facts: { phase: 'total' } })

    await closed
  })

  test('closes the connection when the caller gives up in the middle of the body', async () => {
    const { url, closed } = await serve(stall)
    const controller = new AbortController()
    const response = await createClient()(new Request(url, { signal: controller.signal }))
    const reading = response.text()

    controller.abort(new Error('gone'))

    await expect(reading).rejects.toThrow('gone')
    await closed
  })
})

describe('the machine’s own clock', () => {
  test('wakes after the time, and not before', async () => {
    const startedMs = systemClock.monotonic()

    await Promise.all([systemClock.sleep(20), systemClock.sleep(20), systemClock.sleep(35)])

    expect(systemClock.monotonic() - startedMs).toBeGreaterThanOrEqual(35)
  })
})
