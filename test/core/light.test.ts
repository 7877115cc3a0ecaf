import { describe, expect, test } from 'vitest'
import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { bytesOf, discard } from '../../src/core/body.ts'
import { lightHeaders } from '../../src/core/light-headers.ts'
import { lightRequest, lightResponse, signalOf } from '../../src/core/light.ts'
import { wire } from '../../src/core/wire.ts'
import { toPlatformRequest, toPlatformResponse } from '../../src/core/platform.ts'

/** What a piece of work came to, as far as two implementations must agree: the value, or the kind of error. */
async function outcomeOf(work: () => unknown): Promise<unknown> {
  try {
    return await plain(await work())
  } catch (error) {
    return { threw: (error as Error).name }
  }
}

async function plain(value: unknown): Promise<unknown> {
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)]
  if (value instanceof Uint8Array) return [...value]
  if (value instanceof Blob) return { type: value.type, bytes: [...(await value.bytes())] }
  if (value instanceof FormData) return [...value]
  if (value instanceof Headers) return [...value]
  if (value instanceof Response) return { status: value.status, headers: [...value.headers], text: await value.text() }
  if (value instanceof Request) return { method: value.method, headers: [...value.headers], text: await value.text() }
  return value
}

const anyName = fc.constantFrom(
  'accept',
  'Accept',
  'x-a',
  'X-B',
  'cookie',
  'set-cookie',
  'Set-Cookie',
  'content-type',
  'a b',
  '',
  'é',
)
const anyValue = fc.constantFrom(
  '',
  '1',
  'a, b',
  ' x\t',
  '\r\nx\n',
  'a\r\nb: c',
  '\0',
  'é',
  '€',
  '\x01',
  'text/html; charset=utf-8',
)

describe('lightHeaders', () => {
  const anyStep = fc.oneof(
    fc.record({ verb: fc.constantFrom('set', 'append'), name: anyName, value: anyValue }),
    fc.record({ verb: fc.constantFrom('get', 'has', 'delete'), name: anyName, value: fc.constant('') }),
  )

  test('does what the platform does, whatever is set, appended, deleted and asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 12 }), async (steps) => {
        const [light, real] = [lightHeaders(), new Headers()]
        for (const { verb, name, value } of steps) {
          const run = (headers: Headers) => outcomeOf(() => headers[verb as 'set'](name, value))
          expect(await run(light)).toEqual(await run(real))
        }
        expect([...light]).toEqual([...real])
        expect([...light.keys()]).toEqual([...real.keys()])
        expect([...light.values()]).toEqual([...real.values()])
        expect(light.getSetCookie()).toEqual(real.getSetCookie())
      }),
    )
  })

  test.each([
    ['a record', { 'X-A': '1', accept: 'b' }],
    [
      'pairs',
      [
        ['X-A', '1'],
        ['x-a', '2'],
        ['set-cookie', 'a'],
        ['set-cookie', 'b'],
      ],
    ],
    ['platform headers', new Headers({ 'x-a': '1' })],
    ['light headers', lightHeaders({ 'x-a': '1' })],
    ['nothing', undefined],
  ] as [string, ConstructorParameters<typeof Headers>[0]][])('takes %s', (_, init) => {
    expect([...lightHeaders(init)]).toEqual([...new Headers(init)])
  })

  test('is taken by the platform', () => {
    const light = lightHeaders([
      ['set-cookie', 'a'],
      ['set-cookie', 'b'],
      ['x-a', '1'],
    ])

    expect([...new Headers(light)]).toEqual([...light])
    expect(light).toBeInstanceOf(Headers)
  })

  test('is a copy of what it is made from', () => {
    const first = lightHeaders({ a: '1' })
    lightHeaders(first).set('a', '2')

    expect(first.get('a')).toBe('1')
  })

  test('shows what is set during an iteration', () => {
    const run = (headers: Headers) => {
      const seen: string[] = []
      for (const [name] of headers) {
        seen.push(name)
        if (name === 'a') headers.set('aa', '3')
      }
      return seen
    }

    expect(run(lightHeaders({ b: '1', a: '2' }))).toEqual(run(new Headers({ b: '1', a: '2' })))
  })
})

const bytesOfText = (text: string) => new TextEncoder().encode(text)
const anyBody = fc.oneof(
  fc.constantFrom(
    null,
    '',
    '{"a":[1,"é"]}',
    '\ufeff{}',
    'a=1&b=2',
    '\ud800x',
    bytesOfText('{"b":2}'),
    bytesOfText('\ufeffx'),
  ),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
)
const anyHeaders = fc.constantFrom<Record<string, string>>(
  {},
  { 'x-a': '1' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'Content-Type': 'application/json' },
)

type Message = Request | Response
const readers: Record<string, (message: Message) => unknown> = {
  text: (message) => message.text(),
  json: (message) => message.json(),
  bytes: (message) => message.bytes(),
  arrayBuffer: (message) => message.arrayBuffer(),
  blob: (message) => message.blob(),
  formData: (message) => message.formData(),
  clone: (message) => message.clone(),
  bodyUsed: (message) => message.bodyUsed,
  hasBody: (message) => message.body !== null,
  locked: (message) => message.body?.locked,
  cancel: (message) => message.body?.cancel(),
  stream: async (message) => {
    const chunks: number[] = []
    for await (const chunk of message.body ?? []) chunks.push(...(chunk as Uint8Array))
    return chunks
  },
}
const anyReading = fc.array(fc.constantFrom(...Object.keys(readers)), { maxLength: 4 })

async function sameReading(light: Message, real: Message, reading: readonly string[]): Promise<void> {
  for (const name of reading) {
    const reader = readers[name] as (message: Message) => unknown
    expect([name, await outcomeOf(() => reader(light))]).toEqual([name, await outcomeOf(() => reader(real))])
  }
}

describe('lightResponse', () => {
  const anyStatus = fc.constantFrom(100, 199, 200, 201, 204, 205, 302, 304, 404, 500, 599, 600)

  test('is made and read as the platform makes and reads one', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, anyStatus, anyHeaders, anyReading, async (body, status, headers, reading) => {
        const init = { status, headers }
        expect(await outcomeOf(() => lightResponse(body, init).status)).toEqual(
          await outcomeOf(() => new Response(body, init).status),
        )
        if (status < 200 || status > 599 || (body !== null && [204, 205, 304].includes(status))) return
        const [light, real] = [lightResponse(body, init), new Response(body, init)]
        await sameReading(light, real, reading)
        expect([...light.headers]).toEqual([...real.headers])
        for (const name of ['ok', 'status', 'statusText', 'type', 'url', 'redirected'] as const)
          expect(light[name]).toBe(real[name])
      }),
      { numRuns: 500 },
    )
  })

  test('is an instance of Response that can be printed', () => {
    const light = lightResponse('a')

    expect(light).toBeInstanceOf(Response)
    expect(light.constructor).toBe(Response)
    expect(inspect(light)).toContain('status: 200')
  })

  test('becomes the platform’s own with the same bytes', async () => {
    const real = toPlatformResponse(lightResponse('{}', { status: 402, headers: { 'x-a': '1' } }))

    expect(await outcomeOf(() => new Response(real.body, real))).toEqual({
      status: 402,
      headers: [
        ['content-type', 'text/plain;charset=UTF-8'],
        ['x-a', '1'],
      ],
      text: '{}',
    })
  })
})

describe('lightRequest', () => {
  const anyMethod = fc.constantFrom(
    'GET',
    'get',
    'HEAD',
    'POST',
    'post',
    'PUT',
    'PATCH',
    'DELETE',
    'delete',
    'OPTIONS',
    'x-own',
    'TRACE',
    'connect',
    'A B',
    '',
  )
  const anyUrl = fc.oneof(
    fc.constantFrom(
      'http://a.test',
      'https://a.test:443/x',
      'http://A.test:80/a/../b?c[d]=é#f',
      'http://u:p@a.test/',
      'not a url',
      'http://[::1]:4010/',
      'http://a.test//b',
    ),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
  )

  test('is made and read as the platform makes and reads one', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyMethod,
        anyUrl,
        anyBody,
        anyHeaders,
        anyReading,
        async (method, url, body, headers, reading) => {
          const init = { method, headers, body }
          const makers = [() => lightRequest({ url, ...init }), () => new Request(url, init)] as const
          const facts = (make: () => Request) => outcomeOf(() => [make().method, make().url])
          expect(await facts(makers[0])).toEqual(await facts(makers[1]))
          let real: Request
          try {
            real = makers[1]()
          } catch {
            return
          }
          const light = makers[0]()
          await sameReading(light, real, reading)
          expect([...light.headers]).toEqual([...real.headers])
          for (const name of constants) expect([name, light[name]]).toEqual([name, real[name]])
        },
      ),
      { numRuns: 500 },
    )
  })
  const constants = [
    'cache',
    'credentials',
    'destination',
    'duplex',
    'integrity',
    'keepalive',
    'mode',
    'redirect',
    'referrer',
    'referrerPolicy',
  ] as const

  test('is an instance of Request', () => {
    const light = lightRequest({ url: 'http://a.test/' })

    expect(light).toBeInstanceOf(Request)
    expect(light.constructor).toBe(Request)
  })

  test('keeps the signal that it was given, and makes one only when asked', () => {
    const { signal } = new AbortController()
    const [given, bare] = [lightRequest({ url: 'http://a.test/', signal }), lightRequest({ url: 'http://a.test/' })]

    expect(given.signal).toBe(signal)
    expect(given.clone().signal).toBe(signal)
    expect(signalOf(bare)).toBeUndefined()
    expect(bare.signal).toBe(bare.signal)
    expect(bare.signal.aborted).toBe(false)
  })

  test('becomes the platform’s own, which aborts with the signal', async () => {
    const controller = new AbortController()
    const real = toPlatformRequest(
      lightRequest({ url: 'http://a.test/', method: 'POST', body: 'a=1', signal: controller.signal }),
    )
    controller.abort()

    expect(real.signal.aborted).toBe(true)
    expect(await new Request(real, { signal: null }).text()).toBe('a=1')
  })
})

describe('bytesOf a light message', () => {
  test('gives the bytes and leaves the body unread', async () => {
    const response = lightResponse('é')

    expect([...(await bytesOf(response))]).toEqual([0xc3, 0xa9])
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).toBe('é')
  })

  test('refuses more than the limit', async () => {
    await expect(bytesOf(lightResponse('abc'), { maxBytes: 2 })).rejects.toMatchObject({
      code: 'body_too_large',
      facts: { maxBytes: 2 },
    })
  })
})

describe('discard', () => {
  test.each([
    ['light', () => lightResponse('abc')],
    ['light, as a stream', () => Object.assign(lightResponse('abc'), { _: 0 })],
    ['platform', () => new Response('abc')],
  ])('spends the body of a response: %s', async (name, make) => {
    const response = make()
    if (name === 'light, as a stream') expect(response.body?.locked).toBe(false)
    await discard(response)

    expect(response.bodyUsed).toBe(true)
  })

  test('leaves a body alone that somebody reads', async () => {
    const response = new Response('abc')
    const text = response.text()
    await discard(response)

    expect(await text).toBe('abc')
  })
})

describe('wire over light messages', () => {
  test('hands over a light copy with headers of its own and gives back the very answer', async () => {
    const answer = lightResponse('{}')
    const request = lightRequest({ url: 'http://a.test/', method: 'POST', headers: { 'x-a': '1' }, body: 'a=1' })
    let seen: Request | undefined
    const response = await wire(async (copy) => {
      seen = copy
      copy.headers.set('x-a', '2')
      return answer
    })(request, { signal: new AbortController().signal })

    expect(response).toBe(answer)
    expect(seen).not.toBe(request)
    expect(await seen?.text()).toBe('a=1')
    expect(request.headers.get('x-a')).toBe('1')
    expect(request.bodyUsed).toBe(false)
  })

  test('leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    await wire(async () => lightResponse('{}'))(lightRequest({ url: 'http://a.test/' }), { signal })

    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
