import createFetchClient, { type ClientOptions } from 'openapi-fetch'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { formBody } from '../../src/clients/form.ts'
import { typedClient } from '../../src/clients/typed-client.ts'

interface Calls {
  [method: string]: (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>
}

const answers: readonly (() => Response)[] = [
  () => Response.json({ id: 1 }),
  () => Response.json({ id: 1 }, { headers: { 'content-length': '8' } }),
  () => new Response(null, { status: 204 }),
  () => new Response('', { headers: { 'content-length': '0' } }),
  () => new Response(''),
  () => Response.json({ code: 'no' }, { status: 402 }),
  () => new Response('a page', { status: 502 }),
  () => new Response(null, { status: 500, headers: { 'content-length': '0' } }),
  () => new Response('not JSON'),
]

/** What one call sends and what comes of it. */
async function traceOf(make: (fetch: (request: Request) => Promise<Response>) => object, call: Call): Promise<unknown> {
  let sent: unknown
  const calls = make(async (request) => {
    const { method, url, headers } = request
    sent = { method, url, headers: Object.fromEntries(headers), body: await request.text() }
    return (answers[call.answer] as () => Response)()
  }) as Calls
  try {
    const { data, error } = await (calls[call.method] as Calls[string])(call.path, call.init)
    return { sent, data, error }
  } catch (error) {
    return { sent, threw: (error as Error).name }
  }
}

const text = fc.constantFrom('a', 'b c', 'ü/é', '')
const scalar = fc.oneof(text, fc.integer({ min: -9, max: 9 }), fc.boolean())
const anyCall = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'),
  path: fc.constantFrom('/orders', '/orders/{id}', '/orders/{id}/lines/{line}'),
  answer: fc.nat({ max: answers.length - 1 }),
  init: fc.record(
    {
      headers: fc.dictionary(fc.constantFrom('x-a', 'content-type', 'stripe-version'), fc.constantFrom('1', undefined)),
      params: fc.record(
        {
          path: fc.record({ id: fc.oneof(text, fc.integer(), fc.constant([1, 2])), line: text }, { requiredKeys: [] }),
          query: fc.dictionary(fc.constantFrom('limit', 'q'), fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }))),
          header: fc.constant({ 'x-b': 'b' }),
        },
        { requiredKeys: [] },
      ),
      parseAs: fc.constant('text'),
    },
    { requiredKeys: [] },
  ),
  body: fc.option(fc.oneof(fc.dictionary(text, scalar), fc.array(scalar)), { nil: undefined }),
})
interface Call {
  readonly method: string
  readonly path: string
  readonly answer: number
  readonly init: object
}

describe('typedClient', () => {
  test.each(['json', 'form'] as const)('says and answers in %s what openapi-fetch does', async (encoding) => {
    const baseUrl = 'https://api.test/base/'
    const headers = { 'x-always': 'y' }
    const options: ClientOptions =
      encoding === 'form'
        ? {
            headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
            bodySerializer: (body: unknown) => formBody(body as object),
            querySerializer: formBody,
          }
        : { headers }
    await fc.assert(
      fc.asyncProperty(anyCall, async ({ body, ...call }) => {
        const takesBody = !['GET', 'HEAD'].includes(call.method)
        const init = { ...call.init, ...(takesBody && body !== undefined && { body }) }
        const ours = await traceOf((fetch) => typedClient(fetch, { baseUrl, headers, encoding }), { ...call, init })
        const theirs = await traceOf(
          (fetch) =>
            createFetchClient({
              ...options,
              baseUrl,
              fetch(request) {
                // The one difference that is meant: without a body there is no type of one.
                if (request.body === null) request.headers.delete('content-type')
                return fetch(request)
              },
            }),
          { ...call, init },
        )
        expect(ours).toEqual(theirs)
      }),
    )
  })

  test('asks a middleware once there is one', async () => {
    const client = typedClient<Record<string, object>>(async () => Response.json({}), { baseUrl: 'https://api.test' })
    const seen: string[] = []
    client.use({ onRequest: ({ schemaPath }) => void seen.push(schemaPath) })

    await (client as unknown as Calls)['GET']?.('/orders', {})

    expect(seen).toEqual(['/orders'])
  })
})
