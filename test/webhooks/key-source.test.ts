import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { type Service } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { webhookProviderOf } from '../../src/providers/webhook-catalogue.ts'
import { type KeyNeeded, keyNeeded } from '../../src/webhooks/key-needed.ts'
import { createKeySource, type KeyOutcome, type KeySourceOptions } from '../../src/webhooks/key-source.ts'
import { sign, verify } from '../../src/webhooks/signature.ts'
import { makeCertificate as certificate } from '../../src/webhooks/make-certificate.ts'
import { hang } from '../support/scripted.ts'

const startMs = Date.UTC(2026, 0, 1)
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const pemOf = (notBeforeMs = startMs - 1, notAfterMs = startMs + 86_400_000) =>
  certificate({
    name: 'keys.test',
    publicKey: rsa.publicKey,
    issuer: { name: 'keys.test', privateKey: rsa.privateKey },
    notBeforeMs,
    notAfterMs,
  })
const pem = pemOf()
const jwk = (kid: string, key: KeyObject = rsa.publicKey, more: object = {}) => ({
  ...key.export({ format: 'jwk' }),
  kid,
  ...more,
})

const certificateAt = (url = 'https://keys.provider.test/cert.pem'): KeyNeeded => ({
  kind: 'x509-url',
  url,
  allowed: { host: String.raw`([a-z0-9-]+\.)+provider\.test`, pathEnd: '.pem' },
})
const fromSet = (kid: string): KeyNeeded => ({
  kind: 'jwks',
  url: 'https://provider.test/certs',
  kid,
  allowed: { host: String.raw`provider\.test` },
})
const oneKey = (kid: string): KeyNeeded => ({
  kind: 'jwk',
  url: 'https://provider.test/key/get',
  kid,
  allowed: { host: String.raw`provider\.test` },
  ask: { client_id: '{config:client_id}', secret: '{config:secret}', key_id: '{kid}' },
  keyAt: '/key',
  expiredAt: '/key/expired_at',
})

/** A source on a virtual clock, with a provider that is a function, and what the provider was asked. */
function sourceOn(
  provider: (request: Request, asked: number) => Response | Promise<Response>,
  options: KeySourceOptions = {},
) {
  const clock = virtualClock({ startMs })
  const asked: { url: string; method: string; redirect: string; body: string }[] = []
  const fetch: Service = async (request) => {
    const { url, method, redirect } = request
    asked.push({ url, method, redirect, body: await request.text() })
    return provider(request, asked.length)
  }
  const source = createKeySource({ fetch, clock, config: { client_id: 'us', secret: 'canary' }, ...options })
  const ask = (needed: KeyNeeded) => clock.run(() => source.keysFor(needed))
  return { clock, asked, source, ask }
}

const reasonOf = (outcome: KeyOutcome) => (outcome.ok ? 'ok' : outcome.reason)

describe('a certificate', () => {
  test('is fetched once, without following redirects, and kept', async () => {
    const { asked, ask } = sourceOn(() => new Response(pem))
    expect(await ask(certificateAt())).toEqual({ ok: true, keys: [pem] })
    expect(await ask(certificateAt())).toEqual({ ok: true, keys: [pem] })
    expect(asked).toEqual([{ url: 'https://keys.provider.test/cert.pem', method: 'GET', redirect: 'manual', body: '' }])
  })

  test('is fetched again once it is too old', async () => {
    const { clock, asked, ask } = sourceOn(() => new Response(pem), { maxAgeMs: 1_000 })
    await ask(certificateAt())
    await clock.advance(999)
    await ask(certificateAt())
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    await ask(certificateAt())
    expect(asked).toHaveLength(2)
  })

  test.each([
    ['by http', 'http://keys.provider.test/cert.pem'],
    ['from another host', 'https://keys.evil.test/cert.pem'],
    ['from a host that ends alike', 'https://keys.evilprovider.test/cert.pem'],
    ['from a host that begins alike', 'https://keys.provider.test.evil.test/cert.pem'],
    ['from another path', 'https://keys.provider.test/cert'],
    ['from another port', 'https://keys.provider.test:8443/cert.pem'],
    ['with a user', 'https://keys.provider.test@evil.test/cert.pem'],
    ['with a user at the right host', 'https://a@keys.provider.test/cert.pem'],
    ['from this machine', 'https://127.0.0.1/cert.pem'],
    ['from what is no address', 'keys.provider.test/cert.pem'],
    ['from a file', 'file:///cert.pem'],
    ['from a backslash', 'https://evil.test\\@keys.provider.test/cert.pem'],
    ['from an address without end', `https://keys.provider.test/${'a'.repeat(3_000)}.pem`],
  ])('is not fetched %s', async (_, url) => {
    const { asked, ask } = sourceOn(() => new Response(pem))
    expect(await ask(certificateAt(url))).toMatchObject({ ok: false, reason: 'key_refused' })
    expect(asked).toEqual([])
  })

  test.each([
    ['is no certificate', () => new Response('hello'), 'key_refused'],
    ['is a page', () => new Response('<html>'), 'key_refused'],
    ['has run out', () => new Response(pemOf(startMs - 10_000, startMs - 5_000)), 'key_refused'],
    ['is not yet good', () => new Response(pemOf(startMs + 10_000, startMs + 20_000)), 'key_refused'],
    [
      'is elsewhere',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.test/' } }),
      'key_refused',
    ],
    ['does not exist', () => new Response('', { status: 404 }), 'key_unknown'],
    ['is gone', () => new Response('', { status: 410 }), 'key_unknown'],
  ])('that %s is the fault of who named it', async (_, answer, reason) => {
    const { asked, ask } = sourceOn(answer)
    expect(reasonOf(await ask(certificateAt()))).toBe(reason)
    expect(reasonOf(await ask(certificateAt()))).toBe(reason)
    expect(asked).toHaveLength(1)
  })
})

describe('a set of keys', () => {
  const setOf = (...keys: readonly object[]) => Response.json({ keys })

  test('is fetched once, and gives the key of an id', async () => {
    const { asked, ask } = sourceOn(() => setOf(jwk('a'), jwk('b', ec.publicKey)))
    expect(await ask(fromSet('a'))).toEqual({ ok: true, keys: [JSON.stringify(jwk('a'))] })
    expect(await ask(fromSet('b'))).toEqual({ ok: true, keys: [JSON.stringify(jwk('b', ec.publicKey))] })
    expect(asked).toHaveLength(1)
  })

  test('is asked for a new id at most once in a while', async () => {
    const { clock, asked, ask } = sourceOn((_, nth) => (nth < 3 ? setOf(jwk('a')) : setOf(jwk('a'), jwk('new'))))
    await ask(fromSet('a'))
    for (let second = 0; second <= 30; second++) {
      expect(reasonOf(await ask(fromSet(`unknown-${second}`)))).toBe('key_unknown')
      if (second < 30) await clock.advance(1_000)
    }
    expect(asked).toHaveLength(1)

    await clock.advance(1)
    expect(reasonOf(await ask(fromSet('new')))).toBe('key_unknown')
    expect(asked).toHaveLength(2)
    await clock.advance(30_001)
    expect(reasonOf(await ask(fromSet('new')))).toBe('ok')
    expect(asked).toHaveLength(3)
  })

  test('keeps its known keys while nothing new can be had', async () => {
    const { clock, asked, ask } = sourceOn((_, nth) =>
      nth === 1 ? setOf(jwk('a')) : new Response('', { status: 500 }),
    )
    await ask(fromSet('a'))
    await clock.advance(30_001)
    expect(reasonOf(await ask(fromSet('new')))).toBe('key_unavailable')
    expect(reasonOf(await ask(fromSet('new')))).toBe('key_unavailable')
    expect(reasonOf(await ask(fromSet('a')))).toBe('ok')
    expect(asked).toHaveLength(2)
  })

  test('forgets that it could not be had once it is', async () => {
    const { clock, ask } = sourceOn((_, nth) => (nth === 2 ? new Response('', { status: 500 }) : setOf(jwk('a'))))
    const reasons = []
    for (let at = 0; at < 3; at++) {
      reasons.push(reasonOf(await ask(fromSet('new'))))
      await clock.advance(30_001)
    }
    expect(reasons).toEqual(['key_unknown', 'key_unavailable', 'key_unknown'])
  })

  test('gives no key for encryption, and none that is secret or of no kind', async () => {
    const { ask } = sourceOn(() =>
      setOf(
        jwk('a'),
        jwk('enc', rsa.publicKey, { use: 'enc' }),
        { kty: 'oct', k: 'AAAA', kid: 'oct' },
        { kid: 'bare' },
      ),
    )
    const reasons = []
    for (const kid of ['a', 'enc', 'oct', 'bare', 'constructor', '__proto__'])
      reasons.push(reasonOf(await ask(fromSet(kid))))
    expect(reasons).toEqual(['ok', ...Array<string>(5).fill('key_unknown')])
  })

  test.each([undefined, '', 'a b', '{config:secret}', 'a'.repeat(257), 'ä', '\r\n'])(
    'is not asked for the id %j',
    async (kid) => {
      const { asked, ask } = sourceOn(() => setOf(jwk('a')))
      const { kid: _, ...needed } = fromSet('a')
      expect(reasonOf(await ask(kid === undefined ? needed : { ...needed, kid }))).toBe('key_refused')
      expect(asked).toEqual([])
    },
  )
})

describe('a key that is asked for by its id', () => {
  test('is had with what only the account knows', async () => {
    const key = jwk('kid-1', ec.publicKey, { expired_at: null })
    const { asked, ask } = sourceOn(() => Response.json({ key, request_id: 'r' }))
    expect(await ask(oneKey('kid-1'))).toEqual({ ok: true, keys: [JSON.stringify(key)] })
    await ask(oneKey('kid-1'))
    const body = '{"client_id":"us","secret":"canary","key_id":"kid-1"}'
    expect(asked).toEqual([{ url: 'https://provider.test/key/get', method: 'POST', redirect: 'manual', body }])
  })

  test.each([
    ['has expired', { expired_at: startMs / 1000 - 1 }, 'key_unknown'],
    ['expires now', { expired_at: startMs / 1000 }, 'key_unknown'],
    ['expires some time', { expired_at: 'soon' }, 'key_unknown'],
    ['will expire', { expired_at: startMs / 1000 + 60 }, 'ok'],
    ['does not expire', { expired_at: null }, 'ok'],
    ['says nothing of it', {}, 'ok'],
    ['has another id', { kid: 'kid-2' }, 'key_unknown'],
  ])('that %s is judged so', async (_, more, reason) => {
    const { ask } = sourceOn(() => Response.json({ key: jwk('kid-1', ec.publicKey, more) }))
    expect(reasonOf(await ask(oneKey('kid-1')))).toBe(reason)
  })

  test('that the provider does not know is not asked for again at once', async () => {
    const { clock, asked, ask } = sourceOn(() => Response.json({ error_code: 'INVALID_FIELD' }, { status: 400 }))
    expect(reasonOf(await ask(oneKey('made-up')))).toBe('key_unknown')
    expect(reasonOf(await ask(oneKey('made-up')))).toBe('key_unknown')
    expect(asked).toHaveLength(1)
    await clock.advance(30_001)
    await ask(oneKey('made-up'))
    expect(asked).toHaveLength(2)
  })

  test('names the setting that is missing, and tells nobody', async () => {
    const { asked, source } = sourceOn(() => Response.json({}), { config: { client_id: 'us' } })
    await expect(source.keysFor(oneKey('kid-1'))).rejects.toThrow('"secret"')
    await source.keysFor(oneKey('kid-1')).catch((error: unknown) => expect(isGoodfenceError(error, 'usage')).toBe(true))
    expect(asked).toEqual([])
  })
})

describe('a provider that cannot be asked', () => {
  test.each<[string, () => Response | Promise<Response>]>([
    ['fails', () => new Response('', { status: 500 })],
    ['is busy', () => new Response('', { status: 429 })],
    ['does not know us', () => new Response('', { status: 401 })],
    ['does not want us', () => new Response('', { status: 403 })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers too much', () => new Response('a'.repeat(65_537))],
    ['never answers', () => hang(undefined)],
    ['never ends its answer', () => new Response(new ReadableStream())],
  ])('that %s leaves it open whether the delivery is genuine', async (_, provider) => {
    for (const needed of [certificateAt(), fromSet('a'), oneKey('a')]) {
      const { clock, asked, ask } = sourceOn(provider)
      expect(reasonOf(await ask(needed))).toBe('key_unavailable')
      expect(reasonOf(await ask(needed))).toBe('key_unavailable')
      expect(asked).toHaveLength(1)
      await clock.advance(30_001)
      await ask(needed)
      expect(asked).toHaveLength(2)
    }
  })

  test.each([
    ['is no JSON', () => new Response('<html>')],
    ['is no set', () => Response.json([])],
    ['is an empty set', () => Response.json({ keys: [] })],
    ['is a set of anything', () => Response.json({ keys: [null, 1, 'a', []] })],
    ['is a huge set', () => Response.json({ keys: Array.from({ length: 101 }, () => ({})) })],
  ])('at its own address tells nothing where its answer %s', async (_, provider) => {
    const { ask } = sourceOn(provider)
    expect(reasonOf(await ask(fromSet('a')))).toBe('key_unavailable')
    expect(reasonOf(await ask(oneKey('a')))).toBe('key_unavailable')
  })

  test('is given up in time', async () => {
    const { clock, ask } = sourceOn(() => hang(undefined), { timeoutMs: 700 })
    await ask(certificateAt())
    expect(clock.monotonic()).toBe(700)
  })

  test('keeps its secrets to itself in what is logged', async () => {
    const { ask } = sourceOn(() => new Response('canary', { status: 500 }))
    expect(JSON.stringify(await ask(oneKey('a')))).not.toContain('canary')
  })

  test('that sends us on although we follow nobody is not believed', async () => {
    const moved = Object.defineProperty(new Response(pem), 'redirected', { value: true })
    const { ask } = sourceOn(() => moved)
    expect(reasonOf(await ask(certificateAt()))).toBe('key_refused')
  })
})

describe('many who ask', () => {
  test('wait for one answer', async () => {
    const { clock, asked, source } = sourceOn(async () => {
      await clock.sleep(100)
      return Response.json({ keys: [jwk('a')] })
    })
    const outcomes = await clock.run(() =>
      Promise.all(Array.from({ length: 50 }, (_, at) => source.keysFor(fromSet(at % 2 ? 'a' : 'b')))),
    )
    expect(asked).toHaveLength(1)
    expect(outcomes.map(reasonOf)).toEqual(Array.from({ length: 50 }, (_, at) => (at % 2 ? 'ok' : 'key_unknown')))
  })

  test('cannot make it ask more than ten times in half a minute for what is new', async () => {
    const { clock, asked, ask } = sourceOn(() => new Response('', { status: 404 }))
    for (let at = 0; at < 200; at++) await ask(oneKey(`made-up-${at}`))
    expect(asked).toHaveLength(10)
    expect(reasonOf(await ask(oneKey('made-up-300')))).toBe('key_unavailable')
    await clock.advance(30_001)
    await ask(oneKey('made-up-300'))
    expect(asked).toHaveLength(11)
  })

  test('cannot push out a key that is in use, nor its renewal', async () => {
    const good = 'https://keys.provider.test/good.pem'
    const { clock, asked, ask } = sourceOn(
      ({ url }) => (url === good ? new Response(pem) : new Response('', { status: 404 })),
      {
        maxEntries: 5,
      },
    )
    await ask(certificateAt(good))
    for (let minute = 0; minute < 11; minute++) {
      for (let at = 0; at < 50; at++) await ask(certificateAt(`https://keys.provider.test/${minute}-${at}.pem`))
      expect(reasonOf(await ask(certificateAt(good)))).toBe('ok')
      await clock.advance(60_000)
    }
    expect(asked.filter(({ url }) => url === good)).toHaveLength(2)
    expect(asked.length).toBeLessThanOrEqual(2 + 11 * 10)
  })

  test('are never told a key that the provider does not have, and seldom reach it', async () => {
    const ids = ['a', 'b', 'c', 'd']
    const step = fc.record({ kid: fc.constantFrom(...ids), afterMs: fc.nat(40_000), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.subarray(ids), async (steps, held) => {
        let fails = false
        const { clock, asked, ask } = sourceOn(() =>
          fails
            ? new Response('', { status: 503 })
            : Response.json({ keys: [jwk('z'), ...held.map((kid) => jwk(kid))] }),
        )
        for (const { kid, afterMs, ...step } of steps) {
          await clock.advance(afterMs)
          fails = step.fails
          const outcome = await ask(fromSet(kid))
          if (outcome.ok) expect(held).toContain(kid)
          else if (outcome.reason === 'key_unknown') expect(held).not.toContain(kid)
        }
        expect(asked.length).toBeLessThanOrEqual(1 + clock.monotonic() / 30_000)
      }),
      { numRuns: 60 },
    )
  })
})

describe('what is fetched verifies what was signed', () => {
  const body = Buffer.from('{"id":"WH-1","event_type":"PAYMENT","webhook_type":"ITEM"}')

  test.each([
    ['paypal', 'https://api.paypal.com/v1/notifications/certs/CERT-1', {}],
    ['aws-sns-v1', 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem', {}],
    ['aws-sns-v2', 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem', {}],
  ])('%s', async (id, url) => {
    const { scheme } = webhookProviderOf(id).webhooks
    const config = { webhook_id: 'W1' }
    const members = {
      Type: 'Notification',
      MessageId: 'm',
      TopicArn: 't',
      Message: 'hi',
      Timestamp: new Date(startMs).toISOString(),
      SigningCertURL: url,
      SignatureVersion: id === 'aws-sns-v1' ? '1' : '2',
    }
    const isSns = id.startsWith('aws')
    const sent = sign(scheme, {
      secret: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      body: isSns ? Buffer.from(JSON.stringify(members)) : body,
      timestampMs: startMs,
      headers: isSns ? {} : { 'PAYPAL-CERT-URL': url, 'PAYPAL-TRANSMISSION-ID': 't-1' },
      config,
    })
    const delivery = { headers: new Headers(sent.headers), body: sent.body, config }

    const needed = keyNeeded(scheme, delivery)
    expect(needed).toMatchObject({ kind: 'x509-url', url })
    const { ask } = sourceOn(() => new Response(pem))
    const outcome = await ask(needed as KeyNeeded)
    expect(outcome.ok).toBe(true)
    const secrets = outcome.ok ? outcome.keys : []
    expect(verify(scheme, { ...delivery, secrets, nowMs: startMs })).toMatchObject({ ok: true })
  })

  test.each([
    ['plaid', ec, { environment: 'sandbox' }, (key: object) => ({ key: { ...key, expired_at: null } })],
    [
      'google-pubsub-push',
      rsa,
      { audience: 'https://app.test', email: 'a@b.test' },
      (key: object) => ({ keys: [key] }),
    ],
  ] as const)('%s', async (id, pair, config, answer) => {
    const { scheme } = webhookProviderOf(id).webhooks
    const privateKey = JSON.stringify({ ...pair.privateKey.export({ format: 'jwk' }), kid: 'kid-1' })
    const sent = sign(scheme, { secret: privateKey, body, timestampMs: startMs, config })
    const delivery = { headers: new Headers(sent.headers), body: sent.body, config }

    const needed = keyNeeded(scheme, delivery)
    expect(needed).toMatchObject({ kid: 'kid-1' })
    const { ask } = sourceOn(() => Response.json(answer(jwk('kid-1', pair.publicKey))))
    const outcome = await ask(needed as KeyNeeded)
    const secrets = outcome.ok ? outcome.keys : []
    expect(verify(scheme, { ...delivery, secrets, nowMs: startMs })).toMatchObject({ ok: true })
  })
})
