import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printable } from '../../src/core/printable.ts'

describe('printable text', () => {
  test('of plain text is that text', () => {
    for (const text of ['', 'evt_1', 'payment_intent.succeeded', 'Zahlung über 5 €', 'a\\u000a'])
      expect(printable(text)).toBe(text)
  })

  test.each([
    ['evt\r\n2026 INFO all is well', 'evt\\u000d\\u000a2026 INFO all is well'],
    ['\u001b[2J\u001b]0;owned\u0007', '\\u001b[2J\\u001b]0;owned\\u0007'],
    ['\u009b31m', '\\u009b31m'],
    ['a\u2028b\u0085c', 'a\\u2028b\\u0085c'],
    ['fee\u202egpj.exe', 'fee\\u202egpj.exe'],
    ['x\u0000y', 'x\\u0000y'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  test('is one short line whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (text) => {
        expect(printable(text)).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u)
        expect(printable(text).length).toBeLessThanOrEqual(201 * 6)
      }),
    )
  })
})
