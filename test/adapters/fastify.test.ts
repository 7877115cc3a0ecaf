import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { toFastifyPlugin } from '../../src/adapters/fastify.ts'
import { networkError } from '../../src/core/errors.ts'
import { type Service } from '../../src/core/service.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'

const secret = 'whsec_injected0123456789'
const url = '/hooks/stripe'
const payload = '{"id":"evt_1","type":"a"}'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => void vi.useRealTimers())

async function appOf(service: Service) {
  const app = fastify()
  await app.register(toFastifyPlugin(service, { onError: () => {} }), { prefix: '/hooks' })
  return app
}

const appOfReceiver = () => appOf(createReceiver({ provider: stripe, secrets: [secret], inbox: createMemoryInbox() }))

/** Every timer of the listener comes due; one that throws fails the test. */
const afterAll = () => vi.advanceTimersByTime(60_000)

describe('a request that is injected into Fastify', () => {
  test('is a delivery like any other', async () => {
    const app = await appOfReceiver()
    const body = new Uint8Array(Buffer.from(payload))
    const { headers } = sign(stripe.webhooks.scheme, { secret, body, timestampMs: Date.now() })
    const answer = await app.inject({ method: 'POST', url, payload, headers })
    expect([answer.statusCode, answer.json()]).toEqual([200, { received: true }])
    afterAll()
  })

  test.each([
    ['POST', '{}', 401],
    ['POST', undefined, 401],
    ['POST', 'x'.repeat(2 ** 21), 413],
    ['GET', undefined, 405],
    ['HEAD', undefined, 405],
    ['PUT', '{}', 405],
  ] as const)('by %s and refused leaves nothing behind that fails later', async (method, body, status) => {
    const app = await appOfReceiver()
    const answer = await app.inject({ method, url, ...(body === undefined ? {} : { payload: body }) })
    expect(answer.statusCode).toBe(status)
    afterAll()
  })

  test.each<[string, Service]>([
    ['resets the connection', () => Promise.reject(networkError('ECONNRESET'))],
    [
      'breaks off in its body',
      async () => new Response(new ReadableStream({ start: (body) => body.error(new Error()) })),
    ],
  ])('is rejected where a service %s', async (_, service) => {
    const app = await appOf(service)
    await expect(app.inject({ method: 'POST', url, payload })).rejects.toThrow('destroyed before completion')
    afterAll()
  })
})
