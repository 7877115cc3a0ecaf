import { describe, expect, test } from 'vitest'
import { keepParsed, parseJson, takeParsed, valueAt } from '../../src/webhooks/parsed-body.ts'

describe('a parsed body', () => {
  test('is handed to one caller, and the next gets its own', () => {
    const body = Buffer.from('{"id":"a"}')
    const kept = { id: 'a' }
    keepParsed(body, kept)
    expect(takeParsed(body)).toBe(kept)
    kept.id = 'changed'
    expect(takeParsed(body)).toEqual({ id: 'a' })
  })

  test.each(['', 'nonsense', '{"a":', '\uFEFF{}x'])('is undefined for %j', (text) => {
    expect(parseJson(Buffer.from(text))).toBeUndefined()
  })

  test('is undefined for what is not UTF-8', () => {
    expect(parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined()
  })
})

describe('the value at a pointer', () => {
  const value = { id: 'a', data: { object: { id: 'b' } }, list: [{ id: 'c' }], 'a/b': 1, 'm~n': 2 }

  test.each([
    ['', value],
    ['/id', 'a'],
    ['/data/object/id', 'b'],
    ['/list/0/id', 'c'],
    ['/a~1b', 1],
    ['/m~0n', 2],
    ['/none', undefined],
    ['/id/deeper', undefined],
    ['/constructor/name', undefined],
    ['/__proto__', undefined],
  ])('%j is found, or not', (pointer, expected) => {
    expect(valueAt(value, pointer)).toEqual(expected)
  })
})
