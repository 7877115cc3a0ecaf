import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Scheme } from '../../src/providers/scheme.ts'
import { sign, verify, type Verdict } from '../../src/webhooks/signature.ts'

/** One delivery with the verdict that the provider's own library gives it. */
export interface Vector {
  readonly id: string
  readonly description: string
  readonly method: string
  readonly url: string
  /** As sent, in order; a name may come twice. */
  readonly headers: readonly (readonly [string, string])[]
  readonly bodyBase64: string
  readonly secrets: readonly string[]
  readonly nowS: number
  readonly valid: boolean
  /** `must`: every right receiver says so. `quirk`: the library does, a stricter receiver may not. */
  readonly binding: 'must' | 'quirk'
}

export interface SignatureSuite {
  readonly scheme: Scheme
  /** File in `test/data/webhook-vectors`. */
  readonly vectors: string
  /** An arbitrary of secrets as the provider issues them. */
  readonly secrets: fc.Arbitrary<string>
  /** Headers that the scheme signs along. */
  readonly headers?: Readonly<Record<string, string>>
  /** Quirks that we share with the provider's library; of the others we are stricter. */
  readonly sharedQuirks: readonly string[]
}

const nowMs = 1_767_225_600_000

/** What every scheme must do: agree with the provider's library, and refuse what was changed. */
export function signatureLaws({ scheme, vectors, secrets, headers = {}, sharedQuirks }: SignatureSuite): void {
  const signed = fc.record({ secret: secrets, body: fc.uint8Array({ maxLength: 300 }) })
  const signAt = (body: Uint8Array, secret: string | readonly string[], timestampMs = nowMs) =>
    sign(scheme, { secret, body, timestampMs, headers }).headers
  const check = (carried: Record<string, string>, body: Uint8Array, held: readonly string[]): Verdict =>
    verify(scheme, { headers: new Headers(carried), body, secrets: held, nowMs })

  describe(`signatures of ${scheme.id}`, () => {
    const file = join(import.meta.dirname, '../data/webhook-vectors', vectors)
    test.each(JSON.parse(readFileSync(file, 'utf8')) as Vector[])('give vector $id its verdict', (vector) => {
      const verdict = verify(scheme, {
        headers: new Headers(vector.headers.map(([name, value]): [string, string] => [name, value])),
        body: Buffer.from(vector.bodyBase64, 'base64'),
        secrets: vector.secrets,
        nowMs: vector.nowS * 1000,
        method: vector.method,
        url: vector.url,
      })
      const shared = vector.binding === 'must' || sharedQuirks.includes(vector.id)
      expect(verdict.ok).toBe(shared ? vector.valid : !vector.valid)
    })

    test('are accepted as they were made', () => {
      fc.assert(
        fc.property(signed, ({ secret, body }) => {
          expect(check(signAt(body, secret), body, [secret])).toMatchObject({ ok: true, secretIndex: 0 })
        }),
      )
    })

    test('refuse a body in which any byte is changed, added or taken away', () => {
      fc.assert(
        fc.property(signed, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ secret, body }, at, change) => {
          const carried = signAt(body, secret)
          const changed = Uint8Array.from(body)
          if (body.length > 0) {
            changed[at % body.length] = (body[at % body.length] as number) ^ change
            expect(check(carried, changed, [secret])).toEqual({ ok: false, reason: 'signature_mismatch' })
            expect(check(carried, body.subarray(1), [secret]).ok).toBe(body.subarray(1).length === body.length)
          }
          expect(check(carried, Uint8Array.of(...body, change), [secret]).ok).toBe(false)
        }),
      )
    })

    test('refuse headers in which any character is changed', () => {
      const names = Object.keys(signAt(new Uint8Array(0), fc.sample(secrets, { numRuns: 1, seed: 1 })[0] as string))
      const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
      fc.assert(
        fc.property(signed, fc.constantFrom(...names), fc.nat(), character, ({ secret, body }, name, at, other) => {
          const carried = signAt(body, secret)
          const value = carried[name] as string
          const place = at % value.length
          fc.pre(value[place] !== other)
          // Where the case of hex digits does not matter, a change of case is no change.
          fc.pre(scheme.signature.hexCase === 'exact' || value[place]?.toLowerCase() !== other.toLowerCase())
          const changed = { ...carried, [name]: value.slice(0, place) + other + value.slice(place + 1) }
          expect(check(changed, body, [secret]).ok).toBe(false)
        }),
      )
    })

    test('refuse any other secret', () => {
      fc.assert(
        fc.property(signed, secrets, ({ secret, body }, other) => {
          fc.pre(secret !== other)
          expect(check(signAt(body, secret), body, [other])).toEqual({ ok: false, reason: 'signature_mismatch' })
        }),
      )
    })

    test('tell which of several secrets matched', () => {
      fc.assert(
        fc.property(signed, secrets, ({ secret, body }, other) => {
          fc.pre(secret !== other)
          expect(check(signAt(body, secret), body, [other, secret])).toMatchObject({ ok: true, secretIndex: 1 })
        }),
      )
    })

    test('refuse a header that came twice', () => {
      fc.assert(
        fc.property(signed, secrets, ({ secret, body }, other) => {
          for (const [first, second] of [
            [secret, other],
            [other, secret],
            [secret, secret],
          ] as const) {
            const twice = new Headers(signAt(body, first))
            const name = scheme.signature.carrier?.name as string
            twice.append(name, signAt(body, second)[name] as string)
            const verdict = verify(scheme, { headers: twice, body, secrets: [secret], nowMs })
            expect(verdict).toEqual({ ok: false, reason: 'header_repeated' })
          }
        }),
      )
    })

    test('throw nothing for arbitrary bytes, headers and secrets', () => {
      const names = [
        ...Object.keys(headers),
        scheme.signature.carrier?.name ?? '',
        scheme.timestamp?.carrier.name ?? '',
      ]
      const value = fc.oneof(
        fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) }),
        fc
          .array(fc.constantFrom('t=', 'v1=', 'v1,', ',', ' ', '=', '1767225600', 'ab', '\u00ff'))
          .map((all) => all.join('')),
      )
      const arbitraryHeaders = fc.dictionary(fc.constantFrom(...names.filter((name) => name.length > 1)), value)
      fc.assert(
        fc.property(arbitraryHeaders, fc.uint8Array(), fc.array(fc.string()), (carried, body, held) => {
          expect(verify(scheme, { headers: new Headers(carried), body, secrets: held, nowMs }).ok).toBe(false)
        }),
      )
    })

    test('are never made or believed with an empty secret', () => {
      const body = Buffer.from('{}')
      expect(() => signAt(body, '')).toThrow(expect.objectContaining({ code: 'usage' }))
      expect(check(signAt(body, fc.sample(secrets, { numRuns: 1, seed: 2 })), body, [''])).toMatchObject({ ok: false })
    })

    if (scheme.timestamp === null) return
    test('keep to the tolerance in both directions', () => {
      const body = Buffer.from('{}')
      const [secret] = fc.sample(secrets, { numRuns: 1, seed: 3 }) as [string]
      const at = (agoMs: number, limits: { toleranceMs?: number | null; futureToleranceMs?: number | null }) =>
        verify(scheme, {
          headers: new Headers(signAt(body, secret, nowMs - agoMs)),
          body,
          secrets: [secret],
          nowMs,
          ...limits,
        })
      const limits = { toleranceMs: 300_000, futureToleranceMs: 60_000 }
      expect(at(300_000, limits).ok).toBe(true)
      expect(at(301_000, limits)).toEqual({ ok: false, reason: 'too_old' })
      expect(at(-60_000, limits).ok).toBe(true)
      expect(at(-61_000, limits)).toEqual({ ok: false, reason: 'too_new' })
      expect(at(10 ** 9, { toleranceMs: null }).ok).toBe(true)
      expect(at(-(10 ** 9), { futureToleranceMs: null }).ok).toBe(true)
    })
  })
}
