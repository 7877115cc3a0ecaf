import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rememberBytes } from '../../src/core/body.ts'
import { lightRequest } from '../../src/core/light.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type Scheme } from '../../src/providers/scheme.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { type ReceiverLine, type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { serial } from '../../src/webhooks/orders/serial.ts'
import { createReceiver } from '../../src/webhooks/receiver.ts'
import { sign } from '../../src/webhooks/signature.ts'
import { type InboxLimits } from '../../src/webhooks/inbox.ts'

const secret = 'whsec_canary0123456789'
const { scheme } = stripe.webhooks
const startMs = 1_767_225_600_000
const url = 'https://shop.test/hooks/stripe'

function eventText(id = 'evt_1', more: object = {}): string {
  return JSON.stringify({
    id,
    type: 'payment_intent.succeeded',
    created: startMs / 1000,
    data: { object: { id: 'pi_1' } },
    ...more,
  })
}

interface Sent {
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Record<string, string>
  readonly signedWith?: string
  readonly method?: string
  readonly url?: string
}

/** A delivery as the provider sends it, but for what is said otherwise. */
function delivery(sent: Sent = {}): Request {
  const { body = eventText(), signedWith = secret, headers = {}, method = 'POST' } = sent
  const bytes = typeof body === 'string' ? (Buffer.from(body) as Uint8Array<ArrayBuffer>) : body
  const { headers: signed } = sign(scheme, { secret: signedWith, body: bytes, timestampMs: startMs })
  const all = { 'content-type': 'application/json', ...signed, ...headers }
  return lightRequest({ url: sent.url ?? url, method, headers: all, body: method === 'POST' ? bytes : null })
}

function setUp({ limits, ...options }: Partial<ReceiverOptions> & { limits?: InboxLimits } = {}) {
  const clock = virtualClock({ startMs })
  const inbox = createMemoryInbox({ clock, ...limits })
  const lines: ReceiverLine[] = []
  const receiver = createReceiver({
    provider: stripe,
    secrets: [secret],
    inbox,
    clock,
    random: () => 0.3,
    log: (line) => lines.push(line),
    ...options,
  })
  const receive = async (request: Request) => {
    const response = await clock.run(() => receiver(request))
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    }
  }
  const stored = async () => (await inbox.inspect()).events
  return { clock, inbox, receiver, receive, lines, stored }
}

describe('the receiver', () => {
  test('stores a genuine delivery and answers 200', async () => {
    const { receive, stored, lines } = setUp()
    expect(await receive(delivery())).toMatchObject({ status: 200, body: { received: true } })
    expect(await stored()).toMatchObject([
      {
        provider: 'stripe',
        account: '',
        eventId: 'evt_1',
        type: 'payment_intent.succeeded',
        occurredAtMs: startMs,
        state: 'ready',
      },
    ])
    expect(lines).toEqual([
      {
        provider: 'stripe',
        outcome: 'stored',
        status: 200,
        secretIndex: 0,
        bodySigned: true,
        replayProtection: 'timestamp',
        eventId: 'evt_1',
        type: 'payment_intent.succeeded',
        bytes: eventText().length,
      },
    ])
  })

  test('answers 200 to a duplicate and stores it once', async () => {
    const { receive, stored } = setUp()
    await receive(delivery())
    expect(await receive(delivery())).toMatchObject({ status: 200, body: { duplicate: true } })
    expect(await stored()).toHaveLength(1)
  })

  test('stores one of sixteen copies that arrive at once and answers 200 to all', async () => {
    const { clock, receiver, stored, lines } = setUp()
    const answers = await clock.run(() => Promise.all(Array.from({ length: 16 }, () => receiver(delivery()))))
    expect(answers.map(({ status }) => status)).toEqual(Array(16).fill(200))
    expect(lines.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1)
    expect(await stored()).toHaveLength(1)
  })

  test('stores the bytes as they arrived', async () => {
    const body = '{"id":"evt_1", "type":"a","amount":1.0,"big":12345678901234567890,"text":"\\u00e9"}\r\n'
    const { receive, stored } = setUp()
    await receive(delivery({ body }))
    expect(Buffer.from((await stored())[0]?.body ?? []).toString()).toBe(body)
  })

  test('keeps what is genuine but unreadable for people to look at, and answers 200', async () => {
    for (const body of [
      'not json',
      '[]',
      '{"id":"evt_1"}',
      '{"type":"a"}',
      'null',
      '{"id":"","type":"a"}',
      Uint8Array.of(0x7b, 0xff),
    ]) {
      const { receive, stored, lines } = setUp()
      expect((await receive(delivery({ body }))).status).toBe(200)
      expect(await stored()).toMatchObject([{ state: 'quarantined', type: 'unreadable' }])
      expect(lines).toMatchObject([{ outcome: 'quarantined' }])
      expect((await receive(delivery({ body }))).body).toMatchObject({ duplicate: true })
    }
  })

  test('keeps the events of connected accounts apart', async () => {
    const { receive, stored } = setUp()
    await receive(delivery({ body: eventText('evt_1', { account: 'acct_a' }) }))
    await receive(delivery({ body: eventText('evt_1', { account: 'acct_b' }) }))
    expect((await stored()).map(({ account }) => account)).toEqual(['acct_a', 'acct_b'])
  })

  test('puts events into the lane that it is told', async () => {
    const lane: ReceiverOptions['lane'] = ({ data }) => (data as { data: { object: { id: string } } }).data.object.id
    const { receive, stored } = setUp({ lane, subscription: 'we_1' })
    await receive(delivery())
    expect(await stored()).toMatchObject([{ lane: 'pi_1', subscription: 'we_1' }])
  })

  test('puts events where the order of their type wants them', async () => {
    const key = ({ data }: { data: unknown }) => (data as { data: { object: { id: string } } }).data.object.id
    const { receive, stored } = setUp({ order: { 'payment_intent.*': serial({ key }) }, subscription: 'we_1' })
    await receive(delivery())
    expect(await stored()).toMatchObject([{ lane: expect.stringContaining('pi_1'), laneOrder: 'strict' }])
  })

  test('stores other bytes under a known id as a conflict and answers 200', async () => {
    const { receive, stored, lines } = setUp()
    await receive(delivery())
    expect((await receive(delivery({ body: eventText('evt_1', { livemode: true }) }))).status).toBe(200)
    expect((await stored()).map(({ state }) => state)).toEqual(['ready', 'conflict'])
    expect(lines.map(({ outcome }) => outcome)).toEqual(['stored', 'conflict'])
  })
})

describe('the receiver refuses', () => {
  test.each([
    ['a signature of another secret', { signedWith: 'whsec_other' }, 'signature_mismatch'],
    ['no signature', { headers: { 'stripe-signature': '' } }, 'header_missing'],
    ['nonsense for a signature', { headers: { 'stripe-signature': 'nonsense' } }, 'timestamp_missing'],
  ] as const)('%s with 401, tells nothing and stores nothing', async (_, sent, reason) => {
    const { receive, stored, lines } = setUp()
    const headers = 'headers' in sent ? { 'Stripe-Signature': sent.headers['stripe-signature'] } : {}
    expect(await receive(delivery({ ...sent, headers }))).toMatchObject({
      status: 401,
      body: { error: 'the signature is not valid' },
    })
    expect(await stored()).toEqual([])
    expect(lines).toEqual([{ provider: 'stripe', outcome: 'rejected', status: 401, reason, bytes: eventText().length }])
  })

  test('a genuine delivery that comes again an hour later', async () => {
    const { clock, receive, lines } = setUp()
    await clock.advance(3_600_000)
    expect((await receive(delivery())).status).toBe(401)
    expect(lines).toMatchObject([{ reason: 'too_old' }])
  })

  test('a method other than POST with 405 and the method that is allowed', async () => {
    const { receive } = setUp()
    for (const method of ['GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      const { status, headers } = await receive(delivery({ method }))
      expect([status, headers.get('allow')]).toEqual([405, 'POST'])
    }
  })

  test('another path with 404 where it has one of its own', async () => {
    const { receive } = setUp({ path: '/hooks/stripe' })
    expect((await receive(delivery({ url: 'https://shop.test/hooks/stripe?a=b' }))).status).toBe(200)
    expect((await receive(delivery({ url: 'https://shop.test/hooks/other' }))).status).toBe(404)
  })

  test('an encoded body with 415', async () => {
    const { receive } = setUp()
    expect((await receive(delivery({ headers: { 'content-encoding': 'gzip' } }))).status).toBe(415)
    expect((await receive(delivery({ headers: { 'content-encoding': 'identity' } }))).status).toBe(200)
  })

  test('a body that is declared too large with 413, unread', async () => {
    const { receive } = setUp()
    const request = new Request(url, { method: 'POST', body: 'small', headers: { 'content-length': '99999999' } })
    expect((await receive(request)).status).toBe(413)
    expect(request.bodyUsed).toBe(false)
  })

  test('a body that turns out too large with 413, and stops reading', async () => {
    const { receive, lines } = setUp({ maxBytes: 1_000 })
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(300))
      },
    })
    const request = new Request(url, { method: 'POST', body, duplex: 'half' })
    expect((await receive(request)).status).toBe(413)
    expect(pulled).toBeLessThan(10)
    expect(lines).toMatchObject([{ outcome: 'body_too_large' }])
  })

  test('a body in memory that is too large with 413', async () => {
    const { receive } = setUp({ maxBytes: 10 })
    expect((await receive(delivery())).status).toBe(413)
  })

  test('a body that drips with 408 when its time is over, and reads no more of it', async () => {
    const { clock, receive } = setUp({ bodyTimeoutMs: 5_000 })
    const stopped: number[] = []
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await clock.sleep(1_000)
        controller.enqueue(Uint8Array.of(0x20))
      },
      cancel: () => void stopped.push(clock.monotonic()),
    })
    const answered = await receive(new Request(url, { method: 'POST', body, duplex: 'half' }))
    expect([answered.status, clock.monotonic(), stopped]).toEqual([408, 5_000, [5_000]])
  })

  test('a body that breaks off with 400', async () => {
    const { receive } = setUp()
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('reset')) })
    expect((await receive(new Request(url, { method: 'POST', body, duplex: 'half' }))).status).toBe(400)
  })

  test('a body that was parsed before with 500 and the mend', async () => {
    const { receive, lines } = setUp()
    const request = new Request(url, { method: 'POST', body: eventText(), headers: delivery().headers })
    await request.json()
    const answered = await receive(request)
    expect(answered.status).toBe(500)
    expect(answered.body['error']).toMatch(/before any body parser/)
    expect(lines).toMatchObject([{ outcome: 'body_consumed', mend: expect.stringContaining('parser') as string }])
  })

  test('nothing when an adapter hands the raw bytes of a body that was read', async () => {
    const { receive } = setUp()
    const request = new Request(url, { method: 'POST', body: eventText(), headers: delivery().headers })
    rememberBytes(request, (await request.bytes()) as Uint8Array<ArrayBuffer>)
    expect((await receive(request)).status).toBe(200)
  })

  test('what the inbox has no room for with 503 and a time to come again', async () => {
    const { receive } = setUp({ limits: { maxUnfinished: 1 } })
    await receive(delivery())
    const answered = await receive(delivery({ body: eventText('evt_2') }))
    expect([answered.status, answered.headers.get('retry-after')]).toEqual([503, '8'])
  })

  test('with 503 what the inbox failed to store', async () => {
    const { receive, lines } = setUp({ inbox: { put: () => Promise.reject(new Error('disk full')) } })
    const answered = await receive(delivery())
    expect([answered.status, answered.headers.get('retry-after')]).toEqual([503, '8'])
    expect(lines).toMatchObject([{ outcome: 'inbox_failed' }])
  })

  test('with 503 what a hanging inbox does not store in time', async () => {
    const { clock, receive } = setUp({ inbox: { put: () => new Promise(() => {}) }, storeTimeoutMs: 3_000 })
    expect((await receive(delivery())).status).toBe(503)
    expect(clock.monotonic()).toBe(3_000)
  })

  test('with 500 what its own code fails on, and keeps running', async () => {
    const { receive } = setUp({
      lane: ({ type }) => {
        if (type === 'bad') throw new Error('mistake')
        return undefined
      },
    })
    expect((await receive(delivery({ body: '{"id":"evt_0","type":"bad"}' }))).status).toBe(500)
    expect((await receive(delivery())).status).toBe(200)
  })

  test.each([[[]], [['']], [['whsec_a', ' ']]])('to be made with the secrets %j', (secrets) => {
    expect(() => setUp({ secrets })).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  test.each(['maxBytes', 'bodyTimeoutMs', 'secretTimeoutMs', 'storeTimeoutMs', 'toleranceMs', 'futureToleranceMs'])(
    'to be made with a %s that is no number',
    (name) => {
      expect(() => setUp({ [name]: Number('unset') })).toThrow(
        expect.objectContaining({
          code: 'usage',
          message: expect.stringContaining(`${name} is not a number`) as unknown,
        }),
      )
    },
  )

  test('to be made for a scheme that is not supported', async () => {
    const other: Scheme = { ...scheme, signedContent: '{nonsense}' }
    expect(() => setUp({ provider: { name: 'other', webhooks: { ...stripe.webhooks, scheme: other } } })).toThrow(
      /nonsense/,
    )
  })
})

describe('a stranger', () => {
  test('gets a 4xx for anything, and nothing is stored', async () => {
    const { receive, stored } = setUp({ maxBytes: 500 })
    const latin = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)) })
    const names = ['stripe-signature', 'content-type', 'content-encoding', 'content-length', 'x-other']
    const signature = fc.tuple(fc.integer(), latin).map(([at, value]) => `t=${at},v1=${value}`)
    const sent = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      headers: fc.dictionary(fc.constantFrom(...names), fc.oneof(latin, signature)),
      body: fc.uint8Array({ maxLength: 1_000 }),
    })
    await fc.assert(
      fc.asyncProperty(sent, fc.boolean(), async ({ method, headers, body }, isLight) => {
        const init = { url, method, headers, body: method === 'GET' ? null : body }
        const { status } = await receive(isLight ? lightRequest(init) : new Request(url, init))
        expect([400, 401, 405, 413, 415]).toContain(status)
      }),
    )
    expect(await stored()).toEqual([])
  })
})

describe('secrets of the receiver', () => {
  test('may be several, and the log tells which one matched', async () => {
    const { receive, lines } = setUp({ secrets: ['whsec_new', secret] })
    expect((await receive(delivery())).status).toBe(200)
    expect((await receive(delivery({ signedWith: 'whsec_new', body: eventText('evt_2') }))).status).toBe(200)
    expect(lines.map(({ secretIndex }) => secretIndex)).toEqual([1, 0])
  })

  test('are asked for with every delivery, so they rotate without a restart', async () => {
    let current = ['whsec_old']
    const { receive } = setUp({ secrets: () => current })
    expect((await receive(delivery({ signedWith: 'whsec_old' }))).status).toBe(200)
    current = ['whsec_new', 'whsec_old']
    expect((await receive(delivery({ signedWith: 'whsec_new' }))).status).toBe(200)
    current = ['whsec_new']
    expect((await receive(delivery({ signedWith: 'whsec_old' }))).status).toBe(401)
  })

  test('that are missing now make the provider come again', async () => {
    for (const missing of [[], ['']])
      expect((await setUp({ secrets: () => missing }).receive(delivery())).status).toBe(503)
  })

  test.each([' ', 'changeme', 'your_secret_here', '<secret>', '${SECRET}', 'undefined', 'whsec_changeme'])(
    'that turn into %j while it runs are no secrets: who signs with it gets a 503',
    async (value) => {
      const turned: ReceiverOptions['secrets'][] = [() => [value], async () => [{ value, id: 'new' }]]
      for (const secrets of turned) {
        const { receive, lines, stored } = setUp({ secrets })
        expect((await receive(delivery({ signedWith: value }))).status).toBe(503)
        expect(lines).toMatchObject([{ outcome: 'no_secret' }])
        expect(await stored()).toEqual([])
      }
      const beside = setUp({ secrets: () => [value, secret] })
      expect((await beside.receive(delivery({ signedWith: value }))).status).toBe(401)
      expect((await beside.receive(delivery())).status).toBe(200)
      expect(beside.lines).toMatchObject([{ outcome: 'rejected' }, { outcome: 'stored', secretIndex: 1 }])
    },
  )

  test('that turn into no text at all put deliveries off', async () => {
    const list: unknown[] = [undefined, 7, null, { id: 'a' }]
    for (const secrets of [() => list as string[], async () => list as string[]])
      expect((await setUp({ secrets }).receive(delivery())).status).toBe(503)
  })

  test('are in no line, and no body or header is either', async () => {
    const { receive, lines } = setUp()
    await receive(
      delivery({ body: eventText('evt_1', { canary: 'canary-in-body' }), headers: { 'x-canary': 'canary-in-header' } }),
    )
    await receive(delivery({ signedWith: 'whsec_canary-other' }))
    expect(JSON.stringify(lines)).not.toMatch(/canary|v1=/)
  })
})

describe('a log that throws', () => {
  test('changes no answer', async () => {
    const { receive } = setUp({
      log: () => {
        throw new Error('no disk for logs')
      },
    })
    expect((await receive(delivery())).status).toBe(200)
  })
})

describe('an inbox that hangs', () => {
  test('holds no more than 64 MiB of what comes meanwhile, and takes more when it has answered', async () => {
    const answers: (() => void)[] = []
    const put = () =>
      new Promise<readonly ['inserted']>((resolve) => {
        const answer = () => resolve(['inserted'])
        if (answers.push(answer) > 67) answer()
      })
    const { clock, receiver } = setUp({ inbox: { put } })
    const filler = 'x'.repeat(1_000_000)
    const send = (at: number) => receiver(delivery({ body: eventText(`evt_${at}`, { filler }) }))

    const late = await clock.run(() => Promise.all(Array.from({ length: 100 }, (_, at) => send(at))))
    expect(new Set(late.map(({ status }) => status))).toEqual(new Set([503]))
    expect(answers).toHaveLength(67)

    for (const answer of answers) answer()
    expect((await clock.run(() => send(100))).status).toBe(200)
  })
})

describe('names that are too long for a database', () => {
  const long = 'ä'.repeat(4_000)

  test('of an account are kept for people to look at', async () => {
    const { receive, stored } = setUp()
    expect((await receive(delivery({ body: eventText('evt_1', { account: long }) }))).status).toBe(200)
    expect(await stored()).toMatchObject([{ state: 'quarantined', account: '' }])
  })

  test.each([
    ['a lane', { lane: () => long }],
    ['a key', { order: { '*': serial({ key: () => long }) } }],
  ])('of %s are shortened, the same for the same events', async (_, options) => {
    const { receive, stored } = setUp(options)
    for (const id of ['evt_1', 'evt_2']) expect((await receive(delivery({ body: eventText(id) }))).status).toBe(200)
    const [first, second] = await stored()
    expect(first?.lane).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(second?.lane).toBe(first?.lane)
  })
})
