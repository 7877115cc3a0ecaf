import { describe, expect, test } from 'vitest'
import { bearer } from '../../src/clients/auth/bearer.ts'
import { log, type LogLine, type LogOptions } from '../../src/clients/layers/log.ts'
import { retry } from '../../src/clients/layers/retry.ts'
import { GoodfenceError } from '../../src/core/errors.ts'
import { seededRandom } from '../../src/core/random.ts'
import { stack } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, type Line, post, scripted } from '../support/scripted.ts'

function world(options: LogOptions, ...lines: Line[]) {
  const clock = virtualClock({ startMs: 1_000 })
  const written: LogLine[] = []
  const provider = scripted(clock, ...lines)
  const layer = log({ clock, random: seededRandom(1), write: (line) => written.push(line), ...options })
  return { clock, written, provider, layer, client: layer(provider) }
}

describe('log', () => {
  test('writes one line for an exchange', async () => {
    const { written, client, clock } = world({}, async () => {
      await clock.sleep(30)
      return new Response('ok', { status: 201, headers: { 'request-id': 'req_1' } })
    })

    await clock.run(() => client(post({ 'x-correlation-id': 'job-7' })))

    expect(written).toEqual([
      {
        atMs: 1_000,
        level: 'info',
        correlationId: 'job-7',
        method: 'POST',
        host: 'api.test',
        operation: '/charges',
        durationMs: 30,
        status: 201,
        requestId: 'req_1',
      },
    ])
  })

  test.each<[string, Line, string]>([
    ['a reset', 'reset', 'ECONNRESET'],
    ['an own failure', new GoodfenceError('timeout', 'late', { timeoutMs: 1, phase: 'attempt' }), 'timeout'],
    ['anything else', new RangeError('secret'), 'RangeError'],
  ])('tells %s by its kind', async (_name, line, kind) => {
    const { written, client } = world({}, line)

    await client(get()).catch(() => {})

    expect(written).toMatchObject([{ level: 'warn', error: kind }])
  })

  test('hands the answer over although the line cannot be written', async () => {
    const { client } = world(
      {
        write() {
          throw new Error('disk full')
        },
      },
      200,
    )

    expect((await client(get())).status).toBe(200)
  })

  test('warns of 429 and 5xx', async () => {
    const { written, client } = world({}, 429, 503, 404)

    for (let call = 0; call < 3; call++) await client(get())

    expect(written.map(({ level }) => level)).toEqual(['warn', 'warn', 'info'])
  })

  test.each([
    ['without a body', () => get()],
    ['with a body', () => post({ 'idempotency-key': 'k' })],
  ])('gives all exchanges of one call the same id: a request %s', async (_kind, request) => {
    const { written, layer, provider, clock } = world({}, 503, 200)

    await clock.run(() => stack(retry({ clock }), layer)(provider)(request()))

    expect(written).toHaveLength(2)
    expect(written[1]?.correlationId).toBe(written[0]?.correlationId)
    expect(written[0]?.correlationId).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('asks the application for the id', async () => {
    const { written, client } = world({ correlationId: () => 'request-9' }, 200)

    await client(get())

    expect(written[0]?.correlationId).toBe('request-9')
  })

  test('makes an id of its own where the one given could smuggle text into the log', async () => {
    const { written, client } = world({ correlationId: () => 'a\nlevel=error' }, 200)

    await client(get())

    expect(written[0]?.correlationId).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('tells third parties no id', async () => {
    const { client, provider } = world({}, 200)

    await client(get({ headers: { 'x-correlation-id': 'job-7' } }))

    expect(provider.requests[0]?.headers.has('x-correlation-id')).toBe(false)
  })

  test('tells listed hosts the id', async () => {
    const { client, provider } = world({ tell: ['api.test'], correlationId: () => 'job-7' }, 200)

    await client(get())

    expect(provider.requests[0]?.headers.get('x-correlation-id')).toBe('job-7')
  })

  test('writes no secret, wherever it stands', async () => {
    const canary = 'CANARY-7f3a'
    const { written, layer, provider } = world(
      {},
      new Response(canary, {
        headers: { 'request-id': `${canary} ${canary}`, 'set-cookie': canary, 'x-token': canary },
      }),
      Object.assign(new Error(canary), { cause: new Error(canary) }),
    )
    const client = stack(bearer({ token: canary }), layer)(provider)
    const request = () =>
      new Request(`https://api.test/bot${canary}/${canary}/v1/send?key=${canary}#${canary}`, {
        method: 'POST',
        body: canary,
        headers: { 'idempotency-key': canary, cookie: canary, 'x-api-key': canary, 'x-correlation-id': `${canary}!` },
      })

    await client(request())
    await client(request()).catch(() => {})

    expect(written).toHaveLength(2)
    expect(JSON.stringify(written)).not.toContain(canary)
    expect(written[0]?.operation).toBe('/*/*/v1/send')
  })

  test('names the operation where it is known', async () => {
    const { written, client } = world({ operationOf: () => 'POST /charges/{id}' }, 200)

    await client(get())

    expect(written[0]?.operation).toBe('POST /charges/{id}')
  })
})
