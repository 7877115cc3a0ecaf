import { describe, expect, test } from 'vitest'
import { createUsage, recordMessages, recordUsage } from '../../src/contracts/index.ts'
import { bytesOf, textOf } from '../../src/core/body.ts'
import { networkError } from '../../src/core/errors.ts'
import { lightRequest, lightResponse } from '../../src/core/light.ts'
import { type Service } from '../../src/core/service.ts'

const url = 'https://shop.test/v1/orders?limit=3#top'
const json = { 'content-type': 'application/json' }
const answering =
  (make: () => Response): Service =>
  async () =>
    make()

describe('recordUsage', () => {
  test.each([
    ['in memory', () => lightResponse('{"a":1}', { headers: json })],
    ["of the platform's", () => Response.json({ a: 1 })],
  ])('keeps an exchange whose answer is %s, and hands the answer on unread', async (_, make) => {
    const usage = createUsage()
    const headers = { 'content-type': 'application/json', authorization: 'Bearer CANARY' }
    const sent = new Request(url, { method: 'POST', headers, body: '{"q":1}' })
    let received = ''
    const provider: Service = async (request) => ((received = await request.text()), make())
    const response = await recordUsage(usage)(provider)(sent)
    expect(await response.text()).toBe('{"a":1}')
    expect(received).toBe('{"q":1}')
    expect(usage.exchanges).toEqual([
      {
        method: 'POST',
        path: '/v1/orders',
        query: 'limit=3',
        requestType: 'application/json',
        requestBody: '{"q":1}',
        status: 200,
        responseType: 'application/json',
        responseBody: '{"a":1}',
      },
    ])
    expect(JSON.stringify(usage)).not.toContain('CANARY')
  })

  test('keeps what was read of a body: nothing, when nobody read it to its end', async () => {
    const usage = createUsage()
    const response = await recordUsage(usage)(answering(() => new Response('unread')))(new Request(url))
    await response.body?.cancel()
    expect(usage.exchanges).toMatchObject([{ status: 200, responseBody: undefined }])
  })

  test('leaves a body that breaks off as it is', async () => {
    const usage = createUsage()
    const cut = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(networkError('ECONNRESET', 'terminated')),
        }),
      )
    const response = await recordUsage(usage)(answering(cut))(new Request(url))
    await expect(response.text()).rejects.toThrow('terminated')
    expect(usage.exchanges).toMatchObject([{ responseBody: undefined }])
  })

  test('does not wait for a body that never ends', async () => {
    const usage = createUsage()
    const client = recordUsage(usage)(answering(() => new Response(new ReadableStream())))
    expect((await client(lightRequest({ url }))).status).toBe(200)
  })

  test('lets large bodies pass and keeps no answer that is too large', async () => {
    const usage = createUsage()
    const large = new Uint8Array(11 * 2 ** 20)
    let received = 0
    const provider: Service = async (request) => {
      received = (await request.bytes()).byteLength
      return new Response(large)
    }
    const response = await recordUsage(usage)(provider)(new Request(url, { method: 'POST', body: large }))
    expect((await response.bytes()).byteLength).toBe(large.byteLength)
    expect(received).toBe(large.byteLength)
    expect(usage.exchanges[0]?.responseBody).toBeUndefined()
  })

  test('keeps nothing where no answer came', async () => {
    const usage = createUsage()
    const client = recordUsage(usage)(async () => Promise.reject(networkError('ECONNRESET')))
    await expect(client(new Request(url))).rejects.toThrow('fetch failed')
    expect(usage.exchanges).toEqual([])
  })

  test('keeps an answer without a body', async () => {
    const usage = createUsage()
    await recordUsage(usage)(answering(() => new Response(null, { status: 204 })))(new Request(url))
    expect(usage.exchanges).toMatchObject([{ status: 204, responseType: undefined, responseBody: '' }])
  })
})

describe('recordMessages', () => {
  const typeOf = (event: unknown) => (event as { type: string }).type.toLowerCase()
  const deliver = (body: string, receiver: Service, usage = createUsage()) => {
    const request = new Request('https://till.test/hooks', { method: 'POST', body })
    return recordMessages(usage, typeOf)(receiver)(request).then(({ status }) => ({ status, usage }))
  }
  const taking: Service = async (request) => (await request.text(), new Response(null, { status: 200 }))

  test('keeps an event that was taken, however the receiver reads it', async () => {
    const body = '{"type":"Paid"}'
    const byBytes: Service = async (request) => (await bytesOf(request), new Response(null, { status: 202 }))
    for (const receiver of [taking, byBytes])
      expect((await deliver(body, receiver)).usage.messages).toEqual([{ type: 'paid', body }])
  })

  test('keeps nothing that was refused', async () => {
    const refusing: Service = async (request) => (await request.text(), new Response(null, { status: 401 }))
    for (const receiver of [refusing, async () => new Response(null, { status: 401 })]) {
      const { status, usage } = await deliver('{"type":"Paid"}', receiver)
      expect([status, usage.messages]).toEqual([401, []])
    }
  })

  test.each(['no json', '', '{}', 'null'])('keeps nothing of %j, and lets the answer pass', async (body) => {
    const { status, usage } = await deliver(body, taking)
    expect([status, usage.messages]).toEqual([200, []])
  })

  test("leaves the receiver's limits to the receiver", async () => {
    const limited: Service = async (request) =>
      textOf(request, { maxBytes: 4 }).then(
        () => new Response(null, { status: 200 }),
        () => new Response(null, { status: 413 }),
      )
    const { status, usage } = await deliver('{"type":"Paid"}', limited)
    expect([status, usage.messages]).toEqual([413, []])
  })
})
