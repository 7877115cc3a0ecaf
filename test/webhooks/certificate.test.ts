import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { awsSnsV2 } from '../../src/providers/webhooks/aws-sns.ts'
import { readCertificate } from '../../src/webhooks/certificate.ts'
import { keysOf } from '../support/scheme-keys.ts'

test('a certificate in which any byte is changed has a key that can be read, or is none', () => {
  const [keys] = fc.sample(keysOf(awsSnsV2.webhooks.scheme), { numRuns: 1, seed: 1 })
  const { raw } = new X509Certificate(keys?.held ?? '')
  expect(readCertificate(raw)?.raw.equals(raw)).toBe(true)
  for (let at = 0; at < raw.length; at++) {
    for (const change of [0x01, 0x80, 0xff]) {
      const changed = Buffer.from(raw)
      changed[at] = (raw[at] ?? 0) ^ change
      expect(() => readCertificate(changed)?.publicKey).not.toThrow()
    }
  }
})
