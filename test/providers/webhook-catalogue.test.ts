import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { manifests } from '../../src/providers/manifests.ts'
import { type Scheme } from '../../src/providers/scheme.ts'
import { unknownSchemes, webhookProviderOf, webhookProviders } from '../../src/providers/webhook-catalogue.ts'
import * as door from '../../src/providers/webhooks/index.ts'

const schemes = webhookProviders.map(({ webhooks }) => webhooks.scheme)
const ids = schemes.map(({ id }) => id)

describe('the catalogue of webhook schemes', () => {
  test('names each scheme once, in order', () => {
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(ids.length).toBeGreaterThanOrEqual(97)
  })

  test('names no scheme that it also calls unknown', () => {
    expect(unknownSchemes.filter(({ id }) => ids.includes(id))).toEqual([])
  })

  test('holds the file of every provider', () => {
    const folder = join(import.meta.dirname, '../../src/providers/webhooks')
    const files = readdirSync(folder).filter((file) => file !== 'index.ts')
    expect([...new Set(webhookProviders.map(({ name }) => `${name}.ts`))].sort()).toEqual(files.sort())
  })

  test('finds a scheme by its id', () => {
    expect(webhookProviderOf('twilio-form').title).toBe('Twilio')
  })

  test.each([
    ['githup', 'Did you mean "github"?'],
    ['adyen', 'The provider "adyen" has adyen-payments, adyen-platform.'],
    ['mixpanel', 'How Mixpanel signs is not known'],
  ])('refuses "%s" with what may have been meant', (id, message) => {
    expect(() => webhookProviderOf(id)).toThrow(message)
  })

  test('stands whole behind the door, each constant under the name of its scheme', () => {
    for (const provider of webhookProviders) {
      const name = provider.webhooks.scheme.id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
      expect(door).toHaveProperty(name, provider)
    }
  })

  test('has the same facts as the manifests', () => {
    for (const { name, webhooks } of manifests) expect(webhookProviderOf(name).webhooks).toBe(webhooks)
  })
})

const placeholder =
  /^\{(body|ts|id|url|path|method|secret|jwt|(header|query|form|json|config):[^{}]+|crc32_decimal:body|sha256_raw:body|body_escaped|form_sorted_concat|params_sorted_amp|query_sorted|signed_headers|fields_lines)\}$/

describe.each(schemes)('the scheme $id', (scheme) => {
  const { signature, key, timestamp } = scheme
  const unsigned = signature.type === 'none' || signature.type === 'token' || signature.type === 'basic'

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(scheme))).toEqual(scheme)
  })

  test('signs with placeholders that exist', () => {
    for (const template of templatesOf(scheme)) {
      for (const [part] of template.matchAll(/\{[^}]*\}/g)) expect(part).toMatch(placeholder)
    }
    expect(scheme.signedContent === null).toBe(unsigned)
    if (unsigned) expect(scheme.bodyForm).toBe('not-signed')
  })

  test('signs its timestamp where it says so', () => {
    if (timestamp === null) return
    const text = templatesOf(scheme).join(' ')
    const { name } = timestamp.carrier
    const carried = [
      '{ts}',
      '{jwt}',
      '{params_sorted_amp}',
      '{fields_lines}',
      '{signed_headers}',
      `{json:${name}}`,
      `{header:${name}}`,
    ]
    const inBody = timestamp.carrier.in === 'json' && text.includes('{body}')
    expect(inBody || carried.some((part) => text.includes(part))).toBe(timestamp.signed)
  })

  test('has a carrier and a syntax that go together', () => {
    expect(signature.carrier === undefined).toBe(signature.type === 'none')
    if (signature.syntax === 'pairs') expect(signature.signatureField).toBeTruthy()
    if (signature.syntax === 'list' || signature.syntax === 'keyed-list') expect(signature.itemSeparator).toBeTruthy()
    expect(signature.syntax === 'jwt').toBe(scheme.token !== undefined)
    if (timestamp?.carrier.in === 'signature-field') expect(timestamp.carrier.name).toBe(signature.timestampField)
    for (const carrier of [signature.carrier, timestamp?.carrier, scheme.messageId, key.urlFrom]) {
      if (carrier?.in === 'json' || carrier?.in === 'multipart-json') expect(carrier.name).toMatch(/^\//)
    }
  })

  test('has a key of the kind that its signature needs', () => {
    const roles: Readonly<Record<typeof signature.type, readonly (typeof key.role)[]>> = {
      hmac: ['shared-secret'],
      hash: ['shared-secret'],
      rsa: ['certificate'],
      ecdsa: ['public-key'],
      ed25519: ['public-key'],
      jwt: ['shared-secret', 'public-key'],
      'jws-x5c': ['trust-anchor'],
      token: ['token'],
      basic: ['basic'],
      none: ['none'],
    }
    expect(roles[signature.type]).toContain(key.role)
    expect(key.form === 'x509-url').toBe(key.urlFrom !== undefined && key.urlMust !== undefined)
  })

  test('tells what proved it', () => {
    expect(scheme.verifiedAgainst).not.toBe('')
    expect(scheme.sources.length).toBeGreaterThan(0)
  })
})

function templatesOf({ signedContent, verifyAlternatives = [], signature }: Scheme): readonly string[] {
  const chosen = Object.values(signature.algorithms?.of ?? {}).map((algorithm) => algorithm.signedContent)
  return [signedContent, ...verifyAlternatives, ...chosen].filter((text): text is string => typeof text === 'string')
}
