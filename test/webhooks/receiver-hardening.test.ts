import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { pipedrive } from '../../src/providers/webhooks/pipedrive.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { formFields } from '../../src/webhooks/form-fields.ts'
import { type ReceiverOptions } from '../../src/webhooks/receiver-options.ts'
import { verify } from '../../src/webhooks/signature.ts'
import { delivered, receiving, receivingStartMs, type Sending } from '../support/receiving.ts'

const body = '{"id":"evt_1","type":"a"}'
const set = (options: Partial<ReceiverOptions> = {}) => receiving({ provider: stripe, ...options })
const post = (more: Partial<Sending> = {}) => delivered({ provider: stripe, body, ...more })
const bytes = (buffer: Uint8Array) => new Uint8Array(buffer)

describe('a compressed body', () => {
  const encodings = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const

  test.each(encodings)('in %s is refused unless it is allowed', async (encoding, compress) => {
    const headers = { 'content-encoding': encoding }
    const { receive, stored } = set()
    const response = await receive(post({ headers, sentBody: bytes(compress(body)) }))
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity'])
    expect(await stored()).toEqual([])
  })

  test.each(encodings)('in %s is verified as what was encoded, or as what was sent', async (encoding, compress) => {
    const headers = { 'content-encoding': encoding }
    const sent = bytes(compress(body))
    const signedBefore = () => post({ headers, sentBody: sent })
    const signedAfter = () => post({ headers, body: sent })
    for (const [decompress, good, bad] of [
      ['before-verify', signedBefore, signedAfter],
      ['after-verify', signedAfter, signedBefore],
    ] as const) {
      const { receive, stored } = set({ decompress })
      expect((await receive(bad())).status).toBe(401)
      expect((await receive(good())).status).toBe(200)
      expect(await stored()).toMatchObject([{ text: body, eventId: 'evt_1' }])
    }
  })

  test.each(['zstd', 'gzip, gzip', 'identity, gzip', 'compress', '__proto__', 'constructor'])(
    'in %s is refused although others are allowed',
    async (encoding) => {
      const { receive } = set({ decompress: 'before-verify' })
      expect((await receive(post({ headers: { 'content-encoding': encoding } }))).status).toBe(415)
    },
  )

  test.each(['before-verify', 'after-verify'] as const)('that grows too much is refused, %s', async (decompress) => {
    const bomb = bytes(gzipSync(Buffer.alloc(200_000, 0x20)))
    const { receive, lines } = set({ decompress })
    expect(200_000 / bomb.length).toBeGreaterThan(100)
    expect((await receive(post({ headers: { 'content-encoding': 'gzip' }, body: bomb }))).status).toBe(413)
    expect(lines).toMatchObject([{ outcome: 'body_too_large', bytes: bomb.length }])
  })

  test('that grows over the limit is refused', async () => {
    const large = randomBytes(1_000).toString('hex')
    const sentBody = bytes(gzipSync(large))
    const { receive } = set({ decompress: 'before-verify', maxBytes: 1_999 })
    expect((await receive(post({ headers: { 'content-encoding': 'gzip' }, sentBody, body: large }))).status).toBe(413)
  })

  test('that is none, or broken off, is refused', async () => {
    const { receive } = set({ decompress: 'before-verify' })
    for (const sentBody of [
      bytes(Buffer.from('nonsense')),
      bytes(gzipSync(body).subarray(0, 20)),
      bytes(Buffer.alloc(0)),
    ])
      expect((await receive(post({ headers: { 'content-encoding': 'gzip' }, sentBody }))).status).toBe(400)
  })
})

describe('a genuine body', () => {
  test('that is nested too deep is kept for people to look at', async () => {
    const { receive, stored } = set()
    const deep = `{"id":"evt_1","type":"a","data":${'['.repeat(64)}${']'.repeat(64)}}`
    expect((await receive(post({ body: deep }))).status).toBe(200)
    expect(await stored()).toMatchObject([{ state: 'quarantined' }])
  })

  test.each([
    '{"__proto__":{"id":"evt_1","type":"a"}}',
    '{"constructor":{"prototype":{"id":"evt_1"}},"type":"a"}',
    '{"id":{"toString":"evt_1"},"type":"a"}',
    '{"id":["evt_1"],"type":"a"}',
  ])('that plays with prototypes, as %s, brings no event and changes no object', async (text) => {
    const { receive, stored } = set()
    expect((await receive(post({ body: text }))).status).toBe(200)
    expect(await stored()).toMatchObject([{ state: 'quarantined' }])
    expect(({} as Record<string, unknown>)['id']).toBeUndefined()
  })

  test('that names an account which no store can keep is kept to be looked at', async () => {
    const { receive, stored } = set()
    for (const account of ['acct_\0', 'acct_\ud800'])
      expect((await receive(post({ body: JSON.stringify({ id: 'evt_1', type: 'a', account }) }))).status).toBe(200)
    expect(await stored()).toMatchObject([
      { state: 'quarantined', account: '' },
      { state: 'quarantined', account: '' },
    ])
  })

  test('goes into a lane that every store can keep', async () => {
    const { receive, inbox } = set({ lane: () => 'a\0b' })
    expect((await receive(post())).status).toBe(200)
    expect((await inbox.inspect()).events).toMatchObject([{ lane: String.raw`"a\u0000b"` }])
  })

  test('whose account is a prototype’s name is its own', async () => {
    const { receive, stored } = set({ accountAt: '/constructor/name' })
    await receive(post())
    expect(await stored()).toMatchObject([{ account: '' }])
  })
})

test('a form of more fields than any provider sends is none, and costs as little as that', () => {
  const form = (fields: number) => Buffer.from('a=1&'.repeat(fields))
  expect(formFields(form(10_000))).toHaveLength(10_000)
  expect(formFields(form(10_001))).toBeUndefined()
})

test('a colon alone is no user and no password', () => {
  const headers = new Headers({ authorization: `Basic ${Buffer.from(':').toString('base64')}` })
  const delivery = { headers, body: new Uint8Array(), secrets: [':'], nowMs: 0 }
  expect(verify(pipedrive.webhooks.scheme, delivery)).toEqual({ ok: false, reason: 'signature_mismatch' })
})

describe('the log', () => {
  const forged = 'x\r\n{"outcome":"stored"}\u001b[2J\u009b31m\u2028\u202e'

  test('is never written to by an event', async () => {
    const { receive, stored, lines } = set({ provider: { ...stripe, name: 'stripe' } })
    const text = JSON.stringify({ id: `evt${forged}`, type: `t${forged}`, account: forged })
    expect((await receive(post({ body: text }))).status).toBe(200)
    expect(await stored()).toMatchObject([{ eventId: `evt${forged}` }]) // what makes events known stays as it is
    expect(lines[0]?.eventId).toBe('evtx\\u000d\\u000a{"outcome":"stored"}\\u001b[2J\\u009b31m\\u2028\\u202e')
    // oxlint-disable-next-line eslint/no-control-regex -- these must not be there
    expect(Object.values(lines[0] ?? {}).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/)
  })
})

describe('every answer', () => {
  test('is kept by no cache and shows no stack', async () => {
    const broken = set({
      lane: () => {
        throw new Error('canary of a mistake')
      },
    })
    const answers = [
      await set().receive(post()),
      await set().receive(post({ secret: 'whsec_other' })),
      await set({ path: '/x' }).receive(post()),
      await set({ maxBytes: 1 }).receive(post()),
      await set({ secrets: () => [] }).receive(post()),
      await broken.receive(post()),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 413, 503, 500])
    for (const answer of answers) {
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(await answer.text()).not.toMatch(/\n\s+at |canary|Error/)
    }
  })

  test('to a wrong signature is the same bytes whatever is wrong', async () => {
    const { clock, receive, lines } = set({ toleranceMs: 1_000, futureToleranceMs: 1_000 })
    const header = (value: string) => {
      const request = post()
      request.headers.set('stripe-signature', value)
      return request
    }
    const given = post().headers.get('stripe-signature') ?? ''
    await clock.advance(0)
    const seen = new Set<string>()
    for (const request of [
      post({ secret: 'whsec_other' }),
      post({ timestampMs: receivingStartMs - 60_000 }),
      post({ timestampMs: receivingStartMs + 60_000 }),
      header(''),
      header('nonsense'),
      header('t=x,v1=y'),
      header(`${given}, ${given}`),
      header('v1=00'),
      header(`t=${receivingStartMs / 1000}`),
    ]) {
      const response = await receive(request)
      seen.add(JSON.stringify([response.status, [...response.headers], await response.text()]))
    }
    expect(seen.size).toBe(1)
    expect(new Set(lines.map(({ reason }) => reason)).size).toBeGreaterThanOrEqual(6)
    expect(lines.map(({ reason }) => reason)).toContain('too_new')
  })
})

describe('a monitor', () => {
  test('counts every end by provider and reason', async () => {
    const { receive, monitor } = set()
    for (const request of [post(), post(), post({ secret: 'whsec_other' }), post({ secret: 'whsec_other' })])
      await receive(request)
    await receive(post({ headers: { 'content-encoding': 'gzip' } }))
    expect(monitor.counts()).toEqual([
      { provider: 'stripe', outcome: 'stored', count: 1 },
      { provider: 'stripe', outcome: 'duplicate', count: 1 },
      { provider: 'stripe', outcome: 'rejected', reason: 'signature_mismatch', count: 2 },
      { provider: 'stripe', outcome: 'encoding_unsupported', count: 1 },
    ])
  })

  test('keeps no sample unless the receiver diagnoses, and then the last sixteen', async () => {
    for (const diagnose of [false, true]) {
      const { receive, monitor } = set({ diagnose })
      for (let count = 0; count < 20; count++)
        await receive(post({ secret: 'whsec_other', body: 'x'.repeat(count), headers: { 'x-canary': 'canary' } }))
      expect(monitor.samples().map(({ bytes }) => bytes)).toEqual(
        diagnose ? Array.from({ length: 16 }, (_, at) => at + 4) : [],
      )
      expect(JSON.stringify(monitor.samples())).not.toMatch(/"canary"|v1=/)
    }
  })
})

describe('a diagnosis', () => {
  const cases: readonly (readonly [string, Partial<ReceiverOptions>, () => Request, RegExp | undefined])[] = [
    ['a secret with a line break', { secrets: ['whsec_canary0123456789\n'] }, () => post(), /spaces, a line break/],
    ['a secret in quotes', { secrets: ['"whsec_canary0123456789"'] }, () => post(), /quotes around it/],
    ['a secret without its prefix', { secrets: ['canary0123456789'] }, () => post(), /prefix whsec_/],
    [
      'a secret in base64',
      { secrets: [Buffer.from('whsec_canary0123456789').toString('base64')] },
      () => post(),
      /in base64/,
    ],
    ['a clock that is wrong', {}, () => post({ timestampMs: receivingStartMs - 3_600_000 }), /compare the clocks/],
    [
      'a body that was printed again',
      {},
      () => post({ body: JSON.stringify(JSON.parse(body), undefined, 2), sentBody: bytes(Buffer.from(body)) }),
      /printed again on its way/,
    ],
    ['nothing that is common', {}, () => post({ secret: 'whsec_other' }), undefined],
  ]

  test.each(cases)('names %s, in the log alone', async (_, options, request, expected) => {
    const { receive, lines } = set({ ...options, diagnose: true })
    const response = await receive(request())
    expect([response.status, await response.json()]).toEqual([401, { error: 'the signature is not valid' }])
    if (expected === undefined) expect(lines[0]).not.toHaveProperty('diagnosis')
    else expect(lines[0]?.diagnosis).toMatch(expected)
    expect(lines[0]?.diagnosis ?? '').not.toContain('canary')
  })

  test('is made only where it is asked for', async () => {
    const { receive, lines } = set({ secrets: ['"whsec_canary0123456789"'] })
    await receive(post())
    expect(lines[0]).not.toHaveProperty('diagnosis')
  })
})
