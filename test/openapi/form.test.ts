import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { encodeForm, nameOfPath, parseForm, pathOfName } from '../../src/openapi/form.ts'

describe('parseForm', () => {
  const cases: readonly [string, unknown][] = [
    ['', {}],
    ['a=1', { a: '1' }],
    ['a', { a: '' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=x+y%20z%C3%A9', { a: 'x y zé' }],
    ['a=100%&b=%zz', { a: '100%', b: '%zz' }],
    ['a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
    ['a%5Bb%5D=1', { a: { b: '1' } }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[1]=y&a[0]=x', { a: ['x', 'y'] }],
    ['a[0][b]=x&a[1][b]=y', { a: [{ b: 'x' }, { b: 'y' }] }],
    ['a[][b]=1&a[][c]=2&a[][b]=3', { a: [{ b: '1', c: '2' }, { b: '3' }] }],
    ['a[][]=1&a[][]=2', { a: [['1'], ['2']] }],
    ['a[2]=x', { a: { 2: 'x' } }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a[b=1&[c]=2&d[e]f=3', { 'a[b': '1', '[c]': '2', 'd[e]f': '3' }],
    ['0=x&1=y', { 0: 'x', 1: 'y' }],
  ]
  test.each(cases)('reads %j', (text, expected) => {
    expect(parseForm(text)).toEqual(expected)
  })

  test.each([
    'a[__proto__][x]=1',
    '__proto__=1',
    '__proto__[x]=1',
    'a[constructor][prototype][x]=1',
    'a[prototype]=1',
    'a[][__proto__]=1',
    'a=1&a[b]=2',
    'a[b]=1&a=2',
    'a[]=1&a[b]=2',
    'a[][b]=1&a[]=2&a[][c]=3',
    `a${'[b]'.repeat(21)}=1`,
  ])('refuses %s by the name of the field', (text) => {
    expect(() => parseForm(text)).toThrow(expect.objectContaining({ code: 'form_malformed' }))
  })

  test('refuses more fields than allowed', () => {
    expect(() => parseForm('a=1&'.repeat(3), { maxFields: 2 })).toThrow(/more than 2 fields/)
  })

  test('reads back what encodeForm wrote', () => {
    const key = fc.stringMatching(/^[a-z][a-z_.\- é%&=+]{0,6}$/)
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
        fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (form) => {
        expect(parseForm(encodeForm(form))).toEqual({ ...form })
      }),
    )
  })

  test('neither pollutes a prototype nor throws anything but its own refusal', () => {
    const piece = fc.constantFrom(
      'a',
      '[',
      ']',
      '[]',
      '[0]',
      '=',
      '&',
      '__proto__',
      'constructor',
      'prototype',
      '%',
      '1',
      '+',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          try {
            parseForm(text)
          } catch (error) {
            expect(isGoodfenceError(error, 'form_malformed')).toBe(true)
          }
          expect(Object.keys(Object.prototype)).toEqual([])
          expect(({} as Record<string, unknown>)['x']).toBeUndefined()
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('pathOfName', () => {
  test('is undone by nameOfPath', () => {
    expect(pathOfName('a[b][0][]')).toEqual(['a', 'b', '0', ''])
    expect(nameOfPath(['a', 'b', '0', ''])).toBe('a[b][0][]')
  })
})
