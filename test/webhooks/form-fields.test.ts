import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formFields } from '../../src/webhooks/form-fields.ts'

const piece = fc.oneof(
  fc.constantFrom(
    '&',
    '=',
    '+',
    '%',
    '?',
    '#',
    '%2B',
    '%c3%a9',
    '%7f',
    '%80',
    '%zz',
    '%00',
    'a',
    'Body',
    ' ',
    '\n',
    'é',
    '\ud800',
    '\ufeff',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

/** The platform's own reading; the ampersand keeps a question mark at the start. */
const platform = (form: string) => [...new URLSearchParams(`&${form}`)]

describe('the fields of a form', () => {
  test('are what the platform reads, of a text as of bytes', () => {
    fc.assert(
      fc.property(text, (form) => {
        expect(formFields(form)).toEqual(platform(form))
        const wellFormed = form.toWellFormed()
        expect(formFields(Buffer.from(wellFormed))).toEqual(platform(wellFormed))
      }),
      { numRuns: 2_000 },
    )
  })

  test('are none where the bytes are not UTF-8, or the fields more than any provider sends', () => {
    expect(formFields(new Uint8Array([0x61, 0x3d, 0xff]))).toBeUndefined()
    expect(formFields('a&'.repeat(10_000))).toHaveLength(10_000)
    expect(formFields('a&'.repeat(10_001))).toBeUndefined()
  })
})
