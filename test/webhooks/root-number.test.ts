import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rootNumber } from '../../src/webhooks/root-number.ts'

const at = (json: string) => rootNumber(Buffer.from(json), 'at')
const names = fc.constantFrom('at', 'a', String.raw`"at"`, String.raw`x\"at`, ',"at":1', 'at"', '')
const number = fc.nat({ max: 2 ** 48 })

/** JSON in which the name stands in every place where it could be taken for the wrong one. */
const { object } = fc.letrec<{ object: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    names,
    fc.string(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.oneof(names, fc.string()), tie('value'), { maxKeys: 4 }),
}))

describe('a number of the outermost object', () => {
  test('is what a parser finds, or left to a parser', () => {
    let found = 0
    fc.assert(
      fc.property(
        fc.oneof(
          object,
          object.map((each) => Object.assign({}, each, { at: 7 })),
        ),
        (value) => {
          const json = JSON.stringify(value)
          const text = at(json)
          if (text === undefined) return
          found++
          expect(Number(text)).toBe((JSON.parse(json) as { at: unknown }).at)
        },
      ),
      { numRuns: 3_000 },
    )
    expect(found).toBeGreaterThan(300)
  })

  test.each([
    ['{"id":1,"at":1767225600000}', '1767225600000'],
    ['{"at":5,"id":"}"}', '5'],
    ['{"at":5,"of":[{"a":"\\\\"}]}', '5'],
    ['{"a":{"at":5}}', undefined],
    ['[{"at":5}]', undefined],
    ['{"at":5,"at":6}', '6'],
    ['{"at":5,"a":{"at":6}}', undefined],
    ['{"at":"5"}', undefined],
    ['{"at":5.5}', undefined],
    ['{"at":-5}', undefined],
    ['{"at" :5}', undefined],
    ['{"b":"at","c":5}', undefined],
    [String.raw`{"x\"at":5}`, undefined],
    ['{"at":5} ', undefined],
    ['{"at":5', undefined],
    ['{"at":5,"b":"', undefined],
    ['', undefined],
  ])('in %s is %s', (json, expected) => {
    expect(at(json)).toBe(expected)
  })

  test('is sought without an error in any bytes whatever', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (before, after) => {
        rootNumber(Buffer.concat([before, Buffer.from('"at":5,'), after]), 'at')
      }),
    )
  })
})
