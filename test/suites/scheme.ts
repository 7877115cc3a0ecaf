import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { type Scheme } from '../../src/providers/scheme.ts'
import { sign, verify, type Verdict, type VerifyOptions } from '../../src/webhooks/signature.ts'
import { type Keys } from '../support/peers/peer.ts'
import { unsignedDeliveries, type Unsigned } from '../support/scheme-delivery.ts'
import { keysOf } from '../support/scheme-keys.ts'
import { copiesWithOtherIds } from '../support/copies-with-other-ids.ts'
import { signedPlaces } from '../support/signed-places.ts'

const nowMs = 1_767_225_600_000
const numRuns = Number(process.env.GOODFENCE_RUNS ?? 40)

/** A signed delivery, on its way. */
export interface Sent extends Unsigned {
  readonly keys: Keys
}

/** Genuine deliveries of a scheme, each with the key that it was signed with. */
export function sentDeliveries(scheme: Scheme): fc.Arbitrary<Sent> {
  return fc.tuple(unsignedDeliveries(scheme), keysOf(scheme)).map(([unsigned, keys]) => sent(scheme, unsigned, keys))
}

function sent(scheme: Scheme, unsigned: Unsigned, keys: Keys, timestampMs = nowMs): Sent {
  const { headers, body, url = unsigned.url } = sign(scheme, { ...unsigned, secret: keys.signing, timestampMs })
  return { ...unsigned, headers, url, body: Buffer.from(body), keys }
}

export function judge(scheme: Scheme, delivery: Sent, more: Partial<VerifyOptions> = {}): Verdict {
  const { keys, headers, ...parts } = delivery
  return verify(scheme, { ...parts, headers: new Headers(headers), secrets: [keys.held], nowMs, ...more })
}

/** The signature covers the bytes of the body, by themselves or by their digest. */
export function coversBytes({ bodyForm, signedContent }: Scheme): boolean {
  return signedContent !== null && (bodyForm === 'raw' || bodyForm === 'hashed')
}

/** What must hold for each scheme of the catalogue, whatever its data says. */
export function schemeLaws(scheme: Scheme): void {
  const { signature, timestamp, key, bodyForm, event } = scheme
  const genuine = sentDeliveries(scheme)
  const keys = keysOf(scheme)
  const refused = expect.objectContaining({ ok: false })
  const check = <Args extends [unknown, ...unknown[]]>(
    arbitraries: { [Index in keyof Args]: fc.Arbitrary<Args[Index]> },
    law: (...args: Args) => boolean | void,
  ) => fc.assert(fc.property(...arbitraries, law), { numRuns })

  describe(`deliveries of ${scheme.id}`, () => {
    test('are believed as they were signed, for what the signature says', () => {
      const expires = timestamp?.signed === true && timestamp.tolerancePastMs !== null
      check([genuine], (delivery) => {
        expect(judge(scheme, delivery)).toMatchObject({
          ok: true,
          secretIndex: signature.type === 'none' ? -1 : 0,
          bodySigned: bodyForm !== 'not-signed',
          replayProtection: expires ? 'timestamp' : expect.stringMatching(/^(dedupe-only|none)$/),
        })
      })
    })

    test('say that an id protects from copies where no copy with another id passes, and nowhere else', () => {
      check([genuine], (delivery) => {
        const anyAge = { toleranceMs: null }
        const isNew = (copy: Sent) => judge(scheme, copy, anyAge).ok
        const passes = event.thin === true || copiesWithOtherIds(scheme, delivery).some(isNew)
        const replayProtection = passes ? 'none' : 'dedupe-only'
        expect(judge(scheme, delivery, anyAge)).toMatchObject({ ok: true, replayProtection })
      })
    })

    if (signature.type === 'none') {
      test('are believed whoever sends them, and the verdict says so', () => {
        check([genuine, fc.uint8Array()], (delivery, body) => {
          expect(judge(scheme, { ...delivery, body: Buffer.from(body) })).toMatchObject({ ok: true, bodySigned: false })
        })
      })
      return
    }

    if (coversBytes(scheme)) {
      test('are refused when a byte of the body is changed, added or taken away', () => {
        check([genuine, fc.nat(), fc.integer({ min: 1, max: 255 })], (delivery, at, change) => {
          const { body } = delivery
          const place = at % body.length
          const flipped = Buffer.from(body)
          flipped[place] = (body[place] ?? 0) ^ change
          const changed = [
            flipped,
            Buffer.concat([body.subarray(0, place), Buffer.of(change), body.subarray(place)]),
            Buffer.concat([body.subarray(0, place), body.subarray(place + 1)]),
            Buffer.concat([body, Buffer.of(change)]),
            Buffer.concat([Buffer.of(change), body]),
            body.subarray(0, place),
          ]
          for (const each of changed) expect(judge(scheme, { ...delivery, body: each })).toEqual(refused)
        })
      })
    }

    test('are refused when a value that is signed, or the signature, is changed', () => {
      const letter = fc.constantFrom('0', '1', '9', 'a', 'b', 'f', 'g', 'z', 'A', 'B', 'F', 'Z')
      check([genuine, fc.nat(), letter], (delivery, at, other) => {
        for (const { name, value, with: put } of signedPlaces(scheme, delivery)) {
          const place = at % (value.length + 1)
          const replaced = value.slice(0, place) + other + value.slice(place + 1)
          const inserted = value.slice(0, place) + other + value.slice(place)
          for (const text of [replaced, inserted, value.slice(0, place) + value.slice(place + 1)]) {
            if (text === value || sameDigits(scheme, text, value) || isTried(scheme, text, value)) continue
            expect({ name, value, text, ...judge(scheme, put(text)) }).toEqual(refused)
          }
        }
      })
    })

    test('are refused with any other key', () => {
      check([genuine, keys, fc.nat(), fc.constantFrom('0', 'a', 'B')], (delivery, other, at, letter) => {
        const { held } = delivery.keys
        const place = at % held.length
        const changed = held.slice(0, place) + letter + held.slice(place + 1)
        for (const text of [other.held, changed, held.slice(0, place), ''])
          if (!sameKey(scheme, text, held)) expect(judge(scheme, delivery, { secrets: [text] })).toEqual(refused)
      })
    })

    test('are believed with each of several keys, and the verdict says with which', () => {
      check([genuine, keys], (delivery, other) => {
        const { held } = delivery.keys
        fc.pre(other.held !== held)
        expect(judge(scheme, delivery, { secrets: [other.held, held] })).toMatchObject({ ok: true, secretIndex: 1 })
        expect(judge(scheme, delivery, { secrets: [held, other.held] })).toMatchObject({ ok: true, secretIndex: 0 })
      })
    })

    const takesSeveral =
      ['pairs', 'list', 'keyed-list'].includes(signature.syntax) ||
      signature.carriers !== undefined ||
      signature.carriersPattern !== undefined ||
      signature.repeatable === true
    if (takesSeveral) {
      test('that are signed with two keys are believed with either', () => {
        check([unsignedDeliveries(scheme), keys, keys], (unsigned, one, two) => {
          fc.pre(one.held !== two.held)
          if (key.ids !== undefined) fc.pre(one.held.startsWith('primary:') && two.held.startsWith('secondary:'))
          const secret = [one.signing, two.signing]
          const { headers, body, url = unsigned.url } = sign(scheme, { ...unsigned, secret, timestampMs: nowMs })
          const delivery = { ...unsigned, headers, url, body: Buffer.from(body), keys: one }
          expect(judge(scheme, delivery)).toMatchObject({ ok: true })
          expect(judge(scheme, delivery, { secrets: [two.held] })).toMatchObject({ ok: true })
        })
      })
    }

    const isJoinable = signature.repeatable === true || (signature.trim === true && signature.itemSeparator === ',')
    if (signature.carrier?.in === 'header' && !isJoinable) {
      test('are refused when a header of the signature comes twice', () => {
        check([genuine, genuine, fc.nat()], (delivery, other, at) => {
          const places = signatureHeaders(scheme, delivery)
          const name = places[at % places.length] ?? ''
          for (const stranger of [other.headers[name] ?? 'x', delivery.headers[name] ?? '']) {
            const headers = new Headers(delivery.headers)
            headers.append(name, stranger)
            expect(judge(scheme, delivery, { headers })).toEqual(refused)
          }
        })
      })
    }

    for (const [what, older] of downgrades(scheme)) {
      test(`are refused when they are signed ${what}`, () => {
        check([unsignedDeliveries(scheme), keys], (unsigned, own) => {
          const forged = sent(older, unsigned, own)
          expect(judge(scheme, forged)).toEqual(refused)
        })
      })
    }

    if (timestamp !== null && timestamp.carrier.name !== 'exp') ageLaws(scheme, genuine)

    test('throw nothing and pass nothing, whatever they are made of', () => {
      const latin = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
      const odd = fc.oneof(
        latin,
        fc.constantFrom('', '=', ',', '.', 'e30.e30.', 'Bearer ', 'Basic Og==', 't=1,v1=', 'v1,', '__proto__'),
      )
      const json = fc.json({ maxDepth: 4 }).map((each) => Buffer.from(each))
      const bodies = fc.oneof(
        fc.uint8Array().map((each) => Buffer.from(each)),
        json,
        fc.constant(Buffer.from('{"__proto__":1}')),
      )
      const anything = fc.record({
        method: odd,
        url: fc.oneof(odd, fc.webUrl()),
        body: bodies,
        config: fc.dictionary(odd, odd),
        secrets: fc.array(odd, { maxLength: 3 }),
        nowMs: fc.maxSafeInteger(),
      })
      check([genuine, anything, fc.nat(), odd], (delivery, parts, at, value) => {
        const places = signedPlaces(scheme, delivery)
        const broken = places[at % places.length]?.with(value) ?? delivery
        // A token is nothing but the secret.
        fc.pre(!parts.secrets.includes(value))
        expect(judge(scheme, broken, parts)).toEqual(refused)
        judge(scheme, broken)
        judge(scheme, { ...delivery, body: parts.body })
        judge(scheme, { ...delivery, url: parts.url })
        judge(scheme, { ...delivery, config: parts.config })
      })
    })

    test('tell no secret and no right signature when they are refused', () => {
      check([genuine, keys], (delivery, other) => {
        fc.pre(other.held !== delivery.keys.held)
        const verdict = judge(scheme, delivery, { secrets: [other.held] })
        expect(Object.keys(verdict)).toEqual(['ok', 'reason'])
        expect(verdict).toMatchObject({ reason: expect.stringMatching(/^[a-z_]{1,30}$/) as unknown })
      })
    })

    test('cannot be signed with a key of another kind, and the error does not show it', () => {
      const canary = fc.string({ minLength: 12, maxLength: 40 }).map((text) => `canary ${text}`)
      check([unsignedDeliveries(scheme), canary, fc.uint8Array()], (unsigned, secret, bytes) => {
        for (const body of [unsigned.body, Buffer.from(bytes)]) {
          for (const config of [unsigned.config, {}]) {
            try {
              sign(scheme, { ...unsigned, body, config, secret, timestampMs: nowMs })
            } catch (error) {
              expect(isGoodfenceError(error, 'usage')).toBe(true)
              const { message, stack, facts, cause } = error as Error & { facts: unknown }
              expect(JSON.stringify({ message, stack, facts, cause })).not.toContain(
                JSON.stringify(secret).slice(1, -1),
              )
            }
          }
        }
      })
    })

    if (key.role === 'shared-secret' || key.role === 'token' || key.role === 'basic') {
      test('are compared in constant time', () => {
        check([genuine, keys], (delivery, other) => {
          expect(comparisons(() => judge(scheme, delivery))).toBeGreaterThan(0)
          if (key.id !== undefined) return // a key of another id is not tried
          expect(comparisons(() => judge(scheme, delivery, { secrets: [other.held] }))).toBeGreaterThan(0)
        })
      })
    }
  })
}

/** The headers in which signatures stand. */
function signatureHeaders({ signature }: Scheme, { headers, config }: Sent): string[] {
  const { carrier, carriers = [], carriersPattern = ' ' } = signature
  const own = (carrier?.name ?? '').replace(/^\{config:(.*)\}$/, (_, setting: string) => config[setting] ?? '')
  const pattern = new RegExp(`^${carriersPattern.replace('{n}', String.raw`\d`)}$`)
  const names = new Set([own, ...carriers.map(({ name }) => name)])
  return Object.keys(headers).filter((name) => names.has(name) || pattern.test(name))
}

/** Both sides of the tolerance, and ages that nobody minds. */
function ageLaws(scheme: Scheme, genuine: fc.Arbitrary<Sent>): void {
  const { timestamp } = scheme
  const limits = { toleranceMs: 300_000, futureToleranceMs: 60_000 }
  const pastMs = timestamp?.tolerancePastMs ?? null
  const futureMs = timestamp?.toleranceFutureMs ?? null
  const hasEdge = timestamp?.notBefore === undefined

  test('are believed up to the tolerance in both directions, and not a second beyond', () => {
    fc.assert(
      fc.property(genuine, (delivery) => {
        const at = (ageMs: number, more: Partial<VerifyOptions> = limits) =>
          judge(scheme, delivery, { nowMs: nowMs + ageMs, ...more })
        expect(at(300_000)).toMatchObject({ ok: true, signedAtMs: nowMs })
        expect(at(301_000)).toEqual({ ok: false, reason: 'too_old' })
        expect(at(-60_000)).toMatchObject({ ok: true })
        expect(at(-61_000)).toEqual({ ok: false, reason: 'too_new' })
        if (pastMs !== null) expect([at(pastMs, {}).ok, at(pastMs + 1000, {}).ok]).toEqual([true, false])
        else if (hasEdge) expect(at(10 ** 11, {}).ok).toBe(true)
        if (futureMs !== null) expect([at(-futureMs, {}).ok, at(-futureMs - 1000, {}).ok]).toEqual([true, false])
        else expect(at(-(10 ** 11), {}).ok).toBe(true)
        expect(at(10 ** 11, { toleranceMs: null }).ok).toBe(true)
        expect(at(-(10 ** 11), { futureToleranceMs: null }).ok).toBe(true)
      }),
      { numRuns },
    )
  })
}

/** Schemes that sign otherwise, as an older version of this one might have: nothing that they sign may pass. */
function downgrades(scheme: Scheme): [string, Scheme][] {
  const { signature, signedContent, key, token, timestamp } = scheme
  const changed = (facts: Partial<Scheme['signature']>): Scheme => ({
    ...scheme,
    signature: { ...signature, ...facts },
  })
  const found: [string, Scheme][] = []
  if (token !== undefined) {
    if (key.role === 'shared-secret' && token.algorithms.length === 1)
      found.push(['with HS512', { ...scheme, token: { ...token, algorithms: ['HS512'] } }])
    if (token.bodyClaim?.required === true) {
      const { bodyClaim: _, ...without } = token
      found.push(['without the digest of the body', { ...scheme, token: without }])
    }
    return found
  }
  if ((signature.type === 'hmac' || signature.type === 'hash') && signature.algorithms === undefined) {
    const hash = signature.hash === 'sha1' ? 'sha256' : 'sha1'
    found.push([`with ${hash}`, changed({ hash })])
    if (signature.encoding !== 'hex') found.push(['in hex', changed({ encoding: 'hex' })])
    else found.push(['in base64', changed({ encoding: 'base64' })])
  }
  if (
    signature.type === 'hmac' &&
    key.role === 'shared-secret' &&
    signature.algorithms === undefined &&
    key.form === 'utf8' &&
    key.id === undefined
  ) {
    const plain = { ...changed({ type: 'hash' }), signedContent: `{secret}${signedContent ?? ''}` }
    found.push(['with a plain digest', plain])
  }
  if (
    signature.prefix !== undefined &&
    signature.prefixOptional !== true &&
    ['bare', 'list'].includes(signature.syntax) &&
    signature.type !== 'token'
  )
    found.push(['under another version', changed({ prefix: signature.prefix.replace(/\d|(?<=\w)(?=\W)/, '9') })])
  if (signature.prefix !== undefined && signature.prefixOptional !== true)
    found.push(['without their prefix', changed({ prefix: '' })])
  if (signature.signatureField !== undefined) found.push(['under another version', changed({ signatureField: 'v0x' })])
  if (signedContent?.includes('{ts}') === true && timestamp !== null && signature.type !== 'hash')
    found.push(['without the time', { ...scheme, signedContent: signedContent.replaceAll('{ts}', '') }])
  return found
}

/** Case of hex digits where it does not matter. */
function sameDigits({ signature }: Scheme, one: string, two: string): boolean {
  return signature.encoding === 'hex' && signature.hexCase === 'any' && one.toLowerCase() === two.toLowerCase()
}

/** A line break at the end of what is signed, where a verifier tries both. */
function isTried({ verifyAlternatives = [] }: Scheme, one: string, two: string): boolean {
  return verifyAlternatives.some((template) => template.endsWith('\n')) && one.trimEnd() === two.trimEnd()
}

/** Asks whether two issued texts are one key: bytes have several texts, and a key has many certificates. */
function sameKey({ key }: Scheme, one: string, two: string): boolean {
  return one === two || keyBytes(key, one)?.equals(keyBytes(key, two) ?? Buffer.alloc(0)) === true
}

function keyBytes({ form, prefix = '' }: Scheme['key'], text: string): Buffer | undefined {
  try {
    return decoded[form]?.(text, text.startsWith(prefix) ? text.slice(prefix.length) : text)
  } catch {
    return undefined
  }
}

const decoded: Partial<Record<Scheme['key']['form'], (text: string, withoutPrefix: string) => Buffer>> = {
  hex: (text) => withoutZeros(Buffer.from(text, 'hex')),
  'raw-hex': (text) => Buffer.from(text, 'hex'),
  base64: (_, text) => withoutZeros(Buffer.from(text, 'base64')),
  'base64-if-prefixed': (_, text) => withoutZeros(Buffer.from(text, 'base64')),
  'raw-base64': (text) => Buffer.from(text, 'base64'),
  'spki-base64': (text) =>
    exported(crypto.createPublicKey({ key: Buffer.from(text, 'base64'), type: 'spki', format: 'der' })),
  'jwks-by-kid': (text) => webKey(text),
  'root-certificates': (text) => new crypto.X509Certificate(text).raw,
  'x509-url': (text) => exported(new crypto.X509Certificate(text).publicKey),
}

/** A digest pads a short key with zeros (RFC 2104), so that a key and the same key with a zero behind it are one. */
function withoutZeros(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1)
}

function webKey(text: string): Buffer {
  const key = JSON.parse(text) as crypto.JsonWebKey & { kid?: string }
  return Buffer.concat([Buffer.from(`${key.kid}:`), exported(crypto.createPublicKey({ key, format: 'jwk' }))])
}

function exported(key: crypto.KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

/** How often `run` compares in constant time. */
function comparisons(run: () => unknown): number {
  const { timingSafeEqual } = crypto
  let count = 0
  crypto.timingSafeEqual = (one, two) => {
    count++
    return timingSafeEqual(one, two)
  }
  syncBuiltinESMExports()
  try {
    run()
  } finally {
    crypto.timingSafeEqual = timingSafeEqual
    syncBuiltinESMExports()
  }
  return count
}
