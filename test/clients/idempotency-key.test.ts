import { describe, expect, test } from 'vitest'
import { idempotencyKey } from '../../src/clients/layers/idempotency-key.ts'
import { retry } from '../../src/clients/layers/retry.ts'
import { bytesOf } from '../../src/core/body.ts'
import { lightRequest } from '../../src/core/light.ts'
import { seededRandom } from '../../src/core/random.ts'
import { stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, post, scripted } from '../support/scripted.ts'

const clock = virtualClock()
const keys = (provider: ReturnType<typeof scripted>, header = 'idempotency-key') =>
  provider.requests.map(({ headers }) => headers.get(header))

describe('idempotencyKey', () => {
  test('gives each POST a key of its own, the same for the same seed', async () => {
    const provider = scripted(clock, 200)
    const client = idempotencyKey({ random: seededRandom(1) })(provider)

    await client(post())
    await client(post())

    const [first, second] = keys(provider)
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(second).not.toBe(first)
    const again = scripted(clock, 200)
    await idempotencyKey({ random: seededRandom(1) })(again)(post())
    expect(keys(again)).toEqual([first])
  })

  test('leaves a key of the caller alone', async () => {
    const provider = scripted(clock, 200)

    await idempotencyKey()(provider)(post({ 'Idempotency-Key': 'order-7' }))

    expect(keys(provider)).toEqual(['order-7'])
  })

  test('takes an empty key for none', async () => {
    const provider = scripted(clock, 200)

    await idempotencyKey()(provider)(post({ 'Idempotency-Key': '' }))

    expect(keys(provider)[0]).toHaveLength(36)
  })

  test('gives a GET none', async () => {
    const provider = scripted(clock, 200)

    await idempotencyKey()(provider)(get())

    expect(keys(provider)).toEqual([null])
  })

  test.each([
    ['of the platform', () => new Request('https://api.test/charges', { method: 'POST' })],
    ['in memory', () => lightRequest({ url: 'https://api.test/charges', method: 'POST', body: 'amount=1' })],
  ])('takes the same request given twice for two operations: one %s', async (_kind, request) => {
    const provider = scripted(clock, 503, 200)
    const client = stack(idempotencyKey(), retry({ clock }))(provider)
    const shared = request()

    await clock.run(() => Promise.all([client(shared), client(shared)]))

    const counts = Map.groupBy(keys(provider), (key) => key)
    expect(provider.requests).toHaveLength(3)
    expect(counts.size).toBe(2)
    expect(shared.headers.has('idempotency-key')).toBe(false)
  })

  test('sends on a request whose body somebody has read through bytesOf', async () => {
    const provider = scripted(clock, 200)
    const request = post()
    await bytesOf(request)

    await clock.run(() => stack(idempotencyKey(), retry({ clock }))(provider)(request))

    expect(provider.requests.map(({ body }) => body)).toEqual(['amount=1'])
    expect(keys(provider)[0]).toHaveLength(36)
  })

  test('keeps the key over all attempts of a call', async () => {
    const provider = scripted(clock, 503, 503, 200)

    await clock.run(() => stack(idempotencyKey(), retry({ clock }))(provider)(post()))

    expect(new Set(keys(provider)).size).toBe(1)
    expect(provider.requests).toHaveLength(3)
  })

  test.each([undefined, ''])('sends nothing where mint gives %j', async (key) => {
    const provider = scripted(clock, 200)
    const call = idempotencyKey({ mint: () => key as string })(provider)(post())
    await expect(call).rejects.toMatchObject({ code: 'usage' })
    expect(provider.requests).toHaveLength(0)
  })

  test('writes the key as the provider wants it', async () => {
    const provider = scripted(clock, 200)

    await idempotencyKey({ header: 'x-key', quoted: true, mint: () => 'k1', methods: ['GET'] })(provider)(get())

    expect(keys(provider, 'x-key')).toEqual(['"k1"'])
  })
})
