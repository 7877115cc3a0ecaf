import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appleAppStoreV2 } from '../../src/providers/webhooks/apple.ts'
import { leafKey } from '../../src/webhooks/certificate-chain.ts'
import { keysOf } from '../support/scheme-keys.ts'

const { scheme } = appleAppStoreV2.webhooks
const facts = scheme.token?.chain
const nowMs = Date.parse('2026-01-01')

describe('a chain of certificates', () => {
  const [keys] = fc.sample(keysOf(scheme), { numRuns: 1, seed: 1 })
  const pems = keys?.signing.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  const chain = pems.map((pem) => new X509Certificate(pem).raw)
  const root = keys?.held ?? ''
  if (facts === undefined) throw new Error('the scheme has a chain')

  test('gives the key of its first certificate, and the root that it ends at', () => {
    const found = leafKey(chain, ['no root', root], facts, nowMs)
    expect(found?.rootIndex).toBe(1)
    expect(found?.key.equals(new X509Certificate(pems[0] ?? '').publicKey)).toBe(true)
  })

  test('gives nothing and throws nothing when a byte of any of them is changed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, change) => {
        const changed = chain.map((der) => Buffer.from(der))
        const one = changed[which % changed.length] as Buffer
        one[at % one.length] = (one[at % one.length] as number) ^ change
        expect(leafKey(changed, [root], facts, nowMs)).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['lacks its last', chain.slice(0, 2)],
    ['is turned round', chain.toReversed()],
    ['has one twice', [chain[0], chain[0], chain[2]] as Buffer[]],
    ['is empty', []],
  ])('gives nothing when it %s', (_, wrong) => {
    expect(leafKey(wrong, [root], facts, nowMs)).toBeUndefined()
  })

  test('gives nothing before or after its time', () => {
    expect(leafKey(chain, [root], facts, Date.parse('1999-12-31'))).toBeUndefined()
    expect(leafKey(chain, [root], facts, Date.parse('2049-01-02'))).toBeUndefined()
  })
})
