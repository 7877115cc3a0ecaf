import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { type EchoHandshake, type Handshake, type Place } from '../../src/providers/handshake.ts'
import { type Scheme } from '../../src/providers/scheme.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import { handshakeRequest } from '../../src/webhooks/handshake-request.ts'
import { acceptsAnswer, answerHandshake, type HandshakeAnswer } from '../../src/webhooks/handshake.ts'
import { type ReceivedRequest } from '../../src/webhooks/place-reader.ts'

const schemes = webhookProviders.map(({ webhooks }) => webhooks.scheme)
const handshakes = schemes.flatMap((scheme) =>
  (scheme.handshakes ?? []).map((handshake, index): [string, Scheme, Handshake] => [
    `${scheme.id} ${index}`,
    scheme,
    handshake,
  ]),
)
const url = 'https://app.test/hooks?own=1'
const visitUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription'
const config = { verify_token: 'what only we know', topic_arn: 'arn:aws:sns:eu-west-1:1:ours', query_name: 'key' }

function keysFor({ kind }: Handshake, { key }: Scheme): { secrets: string[]; config: typeof config } {
  const secret = key.id === undefined ? 'a secret' : 'our-id:a secret'
  return { secrets: kind === 'capture' ? [] : [secret], config }
}

const opened = (scheme: Scheme, handshake: Handshake, seed: number): ReceivedRequest =>
  handshakeRequest(scheme, handshake, { url, random: seededRandom(seed), config, visitUrl })

const seen = ({ status, headers, body }: Pick<HandshakeAnswer, 'status' | 'headers' | 'body'>) => ({
  status,
  headers: new Headers(headers),
  body,
})

test('19 schemes want a handshake', () => {
  expect(schemes.filter(({ handshakes = [] }) => handshakes.length > 0)).toHaveLength(19)
})

describe.each(handshakes)('the handshake %s', (_, scheme, handshake) => {
  const keys = keysFor(handshake, scheme)
  const answerTo = (request: ReceivedRequest) => answerHandshake(scheme, request, keys)

  test('is answered as the provider accepts it, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const request = opened(scheme, handshake, seed)
        const answer = answerTo(request)
        expect(answer).toMatchObject({ kind: handshake.kind, after: handshake.signed ? 'verification' : 'nothing' })
        expect(answer).not.toHaveProperty('refused')
        expect(acceptsAnswer(scheme, handshake, request, seen(answer!), keys)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('is not accepted with the answer to another, where the answer depends on it', () => {
    const request = opened(scheme, handshake, 1)
    const other = answerTo(opened(scheme, handshake, 2))!
    const depends = handshake.kind === 'echo' || (handshake.kind === 'capture' && handshake.echoHeader !== undefined)
    expect(acceptsAnswer(scheme, handshake, request, seen(other), keys)).toBe(!depends)
    for (const status of [302, 401, 500]) {
      expect(acceptsAnswer(scheme, handshake, request, { ...seen(answerTo(request)!), status }, keys)).toBe(false)
    }
  })

  test('is recognised by all of its marks together', () => {
    const request = opened(scheme, handshake, 1)
    for (const { at } of handshake.request.when) {
      // A mark by its absence is broken by its presence, and the other way round.
      const changed = toggled(request, at, 'holds' in handshake.request.when.find((each) => each.at === at)!)
      expect([at, answerTo(changed)]).toEqual([at, undefined])
    }
    expect(answerTo({ ...request, method: 'PUT' })).toBeUndefined()
  })

  test('never sends back what a browser could take for a page', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', '<b>', '"', '\r\n', 'a'),
        (text, mark) => {
          const place = 'challenge' in handshake ? handshake.challenge.at : undefined
          if (place === undefined) return
          const request = withValue(opened(scheme, handshake, 1), place, text + mark)
          const answer = request === undefined ? undefined : answerTo(request)
          if (answer === undefined) return
          const written = JSON.stringify([answer.headers, answer.body])
          expect(written).not.toMatch(/[<>]|\\[rn]/)
          expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
          if (answer.body !== '') expect(answer.headers['content-type']).toMatch(/^(text\/plain|application\/json)/)
        },
      ),
    )
  })
})

test.each(handshakes.filter(([, , { expects }]) => expects !== undefined))(
  '%s is refused to whoever does not know what only we and the provider know',
  (_, scheme, handshake) => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        const name = handshake.expects!.config
        fc.pre(given !== config[name as keyof typeof config])
        const options = { url, random: seededRandom(1), config: { ...config, [name]: given }, visitUrl }
        const answer = answerHandshake(scheme, handshakeRequest(scheme, handshake, options), keysFor(handshake, scheme))
        expect(answer).toMatchObject({ status: 403, body: '' })
      }),
    )
  },
)

test.each(handshakes.filter(([, , { kind }]) => kind === 'capture'))(
  '%s never brings a secret in place of one that is held',
  (_, scheme, handshake) => {
    const answer = answerHandshake(scheme, opened(scheme, handshake, 1), { secrets: ['held'] })
    expect(answer).toMatchObject({ status: 403, refused: 'capture_closed' })
    expect(answer).not.toHaveProperty('captured')
  },
)

test.each(
  handshakes.filter((entry): entry is [string, Scheme, EchoHandshake] => {
    const [, , handshake] = entry
    return handshake.kind === 'echo' && handshake.hmac !== undefined && !handshake.signed
  }),
)('%s makes no digest for strangers that signs a delivery', (_, { contentPattern }, { challenge }) => {
  // The key is that of deliveries: what is digested unasked must not be a body that anybody reads.
  const pattern = challenge.matches ?? '.*'
  fc.assert(
    fc.property(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), (text) => {
      // Bodies are JSON; where a field is signed, it is XML in base64.
      if (contentPattern === undefined) expect(text.trimStart()).not.toMatch(/^[{[]/)
      else expect(Buffer.from(text, 'base64').toString('latin1').trimStart()).not.toMatch(/^</)
    }),
  )
  for (const body of ['{}', '[]', '{"eventId":"1"}', 'PG5vdGlmaWNhdGlvbj48L25vdGlmaWNhdGlvbj4=']) {
    if (body.startsWith('P') && contentPattern === undefined) continue
    expect(new RegExp(`^(?:${pattern})$`).test(body)).toBe(false)
  }
})

const names = [...new Set(handshakes.flatMap(([, , { request }]) => request.when.map(({ at }) => at)))]
const jsonNames = names.filter((each) => each.startsWith('/')).flatMap((each) => each.slice(1).split('/'))
const headerNames = names.filter((each) => each.startsWith('header:')).map((each) => each.slice(7))
const queryNames = [
  ...names.filter((each) => each.startsWith('query:')).map((each) => each.slice(6)),
  'hub.verify_token',
]
const values = fc.oneof(
  fc.string(),
  fc.constantFrom('url_verification', 'ping', 'subscribe', 'verify', 0, 1, [], {}, null),
)

const anything = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'x'),
  url: fc.oneof(
    fc.string(),
    fc
      .dictionary(fc.constantFrom(...queryNames), fc.string())
      .map((query) => `https://a.test/?${new URLSearchParams(query).toString()}`),
  ),
  headers: fc
    .dictionary(
      fc.constantFrom(...headerNames, 'content-type'),
      fc.constantFrom('', 'ping', 'a, b', '<', 'application/x-www-form-urlencoded'),
    )
    .map((headers) => new Headers(headers)),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .dictionary(
        fc.constantFrom(...jsonNames, '__proto__', 'constructor'),
        fc.oneof(values, fc.dictionary(fc.constantFrom(...jsonNames), values)),
      )
      .map((json) => Buffer.from(JSON.stringify(json))),
    fc.integer({ min: 1, max: 8_000 }).map((depth) => Buffer.from('['.repeat(depth) + ']'.repeat(depth))),
    fc.string().map((text) => Buffer.from(`webhook_id=${text}&mandrill_events=[]`)),
  ),
})

test('nothing that arrives makes a handshake throw, and an answer is one that can be sent', () => {
  const kept = fc.record({
    secrets: fc.array(fc.string(), { maxLength: 2 }),
    config: fc.dictionary(fc.constantFrom('verify_token', 'topic_arn', '__proto__'), fc.string()),
    mayCapture: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.constantFrom(...handshakes), anything, kept, ([, scheme], request, keys) => {
      const answer = answerHandshake(scheme, request, keys)
      if (answer === undefined) return
      expect(new Response(answer.body === '' ? null : answer.body, answer).status).toBe(answer.status)
    }),
    { numRuns: 3_000 },
  )
})

test('a scheme without handshakes answers nothing', () => {
  const silent = schemes.filter(({ handshakes }) => handshakes === undefined)
  expect(silent.length).toBeGreaterThan(70)
  fc.assert(
    fc.property(fc.constantFrom(...silent), anything, (scheme, request) => {
      expect(answerHandshake(scheme, request, { secrets: ['a'], config })).toBeUndefined()
    }),
  )
})

/** The request with a value at a place; `undefined` for one that no request can have. */
function withValue(request: ReceivedRequest, place: Place, value: string | undefined): ReceivedRequest | undefined {
  const [, where, name = ''] = /^(header|query|form):(.*)$/.exec(place) ?? []
  if (where === undefined) {
    const root = { json: JSON.parse(new TextDecoder().decode(request.body) || '{}') as unknown }
    const path = ['json', ...place.split('/').slice(1)]
    let at = root as Record<string, unknown>
    for (const step of path.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>
    if (value === undefined) delete at[path.at(-1)!]
    else at[path.at(-1)!] = value
    return { ...request, body: Buffer.from(JSON.stringify(root.json)) }
  }
  if (where === 'header') {
    const headers = new Headers(request.headers)
    try {
      if (value === undefined) headers.delete(name)
      else headers.set(name, value)
    } catch {
      return undefined // no header can have this value
    }
    return { ...request, headers }
  }
  const address = new URL(request.url)
  const fields = where === 'query' ? address.searchParams : new URLSearchParams(new TextDecoder().decode(request.body))
  if (value === undefined) fields.delete(name)
  else fields.set(name, value)
  return where === 'query' ? { ...request, url: address.href } : { ...request, body: Buffer.from(fields.toString()) }
}

/** The request with something at a place where nothing must be, or without what must be there. */
function toggled(request: ReceivedRequest, place: Place, isAbsent: boolean): ReceivedRequest {
  return withValue(request, place, isAbsent ? 'x' : undefined)!
}
