import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keepableName } from '../../src/webhooks/keepable-name.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 500, maxLength: 530 }),
  fc.constant('\0'),
  fc.constant('\ud800'),
  fc.constant('x'.repeat(100_000)),
)

test('a name fits into every store, whatever the text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const name = keepableName(text)
      expect(name.length).toBeLessThanOrEqual(512)
      expect(name.isWellFormed() && !name.includes('\0')).toBe(true)
      expect(keepableName(name)).toBe(name)
    }),
  )
})

test('different texts have different names, unless one looks like the name of the other', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      fc.pre(!/^(?:"|sha256:)/.test(a) && !/^(?:"|sha256:)/.test(b))
      expect(keepableName(a) === keepableName(b)).toBe(a === b)
    }),
  )
})

test('a plain name stays as it is', () => {
  expect(keepableName('["stripe","","","payment_intent.*","pi_1"]')).toBe('["stripe","","","payment_intent.*","pi_1"]')
})
