import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskSecrets } from '../../src/scenarios/mask-secrets.ts'

const secrets = { 'API key': 'key_secret_123456', 'webhook secret': 'hook/secret+9' }
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a text without its secrets', () => {
  test.each([
    ['as it is', 'with key_secret_123456', 'with ***'],
    ['in a URL', `at ?key=${encodeURIComponent('hook/secret+9')}`, 'at ?key=***'],
    ['in base64', `with ${base64('key_secret_123456')}`, 'with ***'],
    ['in base64 for URLs', `with ${Buffer.from('hook/secret+9').toString('base64url')}`, 'with ***'],
    ['as the user of Basic', `Basic ${base64('key_secret_123456:')}`, 'Basic ***'],
    ['as the password of Basic, without the word', `sent ${base64('shop:key_secret_123456')}`, 'sent ***'],
    ['any credentials of Basic', `authorization: Basic ${base64('ada:lovelace')}`, 'authorization: Basic ***'],
  ])('%s', (_, text, masked) => {
    expect(maskSecrets(text, secrets)).toBe(masked)
  })

  test('wherever it stands in what base64 encodes', () => {
    const words = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
    fc.assert(
      fc.property(words, words, (before, after) => {
        expect(maskSecrets(base64(`${before}key_secret_123456${after}`), secrets)).toBe('***')
      }),
    )
  })

  test('is untouched otherwise', () => {
    const text = `ordinary words, Basic research, ${base64('an ordinary text')}`
    expect(maskSecrets(text, secrets)).toBe(text)
  })
})
