import { describe, expect, test } from 'vitest'
import { conformance, type Nonconformity } from '../../src/contracts/index.ts'
import { lightResponse } from '../../src/core/light.ts'
import { type Service } from '../../src/core/service.ts'
import { readDocument } from '../../src/openapi/document.ts'
import { order, shop } from './shop.ts'

interface Made {
  readonly method?: string
  readonly path?: string
  readonly body?: string
  readonly answer?: Response
}

async function judge({ method = 'GET', path = '/v1/orders/ord_4711', body, answer }: Made, document = shop) {
  const found: Nonconformity[] = []
  const seen: string[] = []
  const given = answer ?? Response.json(order)
  const provider: Service = async (request) => (seen.push(await request.text()), given)
  const init = body === undefined ? { method } : { method, body, headers: { 'content-type': 'application/json' } }
  const client = conformance({ document, onProblem: (problem) => found.push(problem) })(provider)
  const response = await client(new Request(`https://shop.test${path}`, init))
  const text = await response.text()
  return {
    found,
    seen,
    status: response.status,
    text,
    told: found.map(({ side, problem }) => `${side} ${problem.in}${problem.pointer} ${problem.keyword}`),
  }
}

describe('conformance', () => {
  test('says nothing about what the document allows', async () => {
    expect((await judge({})).found).toEqual([])
    const made = {
      method: 'POST',
      path: '/v1/orders',
      body: '{"total":3}',
      answer: Response.json(order, { status: 201 }),
    }
    expect((await judge(made)).found).toEqual([])
  })

  test('tells a wrong request, and sends it all the same', async () => {
    const answer = Response.json(order, { status: 201 })
    const { told, seen } = await judge({ method: 'POST', path: '/v1/orders?limit=x', body: '{}', answer })
    expect(told).toEqual(['request body/total required'])
    expect(seen).toEqual(['{}'])
    expect((await judge({ path: '/v1/orders?limit=x', answer: Response.json({ data: [] }) })).told).toEqual([
      'request query/limit type',
    ])
  })

  test.each([
    ["the platform's", () => Response.json({ ...order, id: 7, status: 'lost' })],
    [
      'light',
      () =>
        lightResponse(JSON.stringify({ ...order, id: 7, status: 'lost' }), {
          headers: { 'content-type': 'application/json' },
        }),
    ],
  ])('tells a wrong answer that is %s, and hands it on', async (_, make) => {
    const { found, told, text } = await judge({ answer: make() })
    expect(told).toEqual(['response body/id type', 'response body/status enum'])
    expect(found[0]).toMatchObject({ operation: 'GET /orders/{order}', status: 200 })
    expect(JSON.parse(text)).toMatchObject({ id: 7 })
  })

  test('tells paths and methods that the document does not have', async () => {
    const { found, told } = await judge({ path: '/v1/nowhere' })
    expect(told).toEqual(['request path operation'])
    expect(found[0]?.operation).toBe('GET /v1/nowhere')
    const { found: wrongMethod } = await judge({ method: 'PATCH' })
    expect(wrongMethod[0]?.problem.message).toContain('GET, DELETE')
  })

  test('tells a status that the document does not declare', async () => {
    const answer = Response.json({ data: [] }, { status: 418 })
    expect((await judge({ path: '/v1/orders', answer })).told).toEqual(['response status status'])
  })

  test.each([429, 500, 502, 503])('takes an undeclared %i for trouble, not for drift', async (status) => {
    const html = () => new Response('<h1>Sorry</h1>', { status, headers: { 'content-type': 'text/html' } })
    expect((await judge({ path: '/v1/orders', answer: html() })).told).toEqual([])
    expect((await judge({ answer: html() })).told, 'default speaks about refusals').toEqual([])
  })

  test('judges trouble that the document declares', async () => {
    const answer = Response.json({}, { status: 503 })
    const { told } = await judge({ method: 'POST', path: '/v1/orders/ord_4711/notes', answer })
    expect(told).toEqual(['response body/why required'])
  })

  test('does not judge what breaks off or is left unread', async () => {
    const found: Nonconformity[] = []
    const layer = conformance({ document: shop, onProblem: (problem) => found.push(problem) })
    const response = await layer(async () => new Response('{}'))(new Request('https://shop.test/v1/orders'))
    await response.body?.cancel()
    const cut = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
    const broken = await layer(async () => new Response(cut))(new Request('https://shop.test/v1/orders'))
    await expect(broken.text()).rejects.toThrow('terminated')
    expect(found).toEqual([])
  })

  test('lets no listener and no schema come between client and provider', async () => {
    const onProblem = () => {
      throw new Error('from the listener')
    }
    const client = conformance({ document: shop, onProblem })(async () => Response.json({ id: 7 }))
    const response = await client(new Request('https://shop.test/v1/orders/ord_4711'))
    expect(await response.json()).toEqual({ id: 7 })

    const schema = { $ref: '#/components/schemas/lost' }
    const broken = readDocument(
      {
        openapi: '3.0.3',
        info: { title: 'Broken', version: '1' },
        paths: {
          '/a': { get: { responses: { 200: { description: '', content: { 'application/json': { schema } } } } } },
        },
      },
      'broken.yaml',
    )
    expect((await judge({ path: '/a' }, broken)).told).toEqual(['response body schema'])
  })
})
