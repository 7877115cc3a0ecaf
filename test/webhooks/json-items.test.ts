import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTooDeep } from '../../src/webhooks/json-depth.ts'
import { jsonItems } from '../../src/webhooks/json-items.ts'
import { parseJson } from '../../src/webhooks/parsed-body.ts'

const bytes = (text: string) => Buffer.from(text) as Uint8Array<ArrayBuffer>
const texts = (json: string, pointer: string) =>
  jsonItems(bytes(json), pointer)?.map((item) => Buffer.from(item).toString())

describe('the items of a JSON text', () => {
  test('are its own bytes, with every digit and escape', () => {
    const json = '{ "a": [ {"id":12345678901234567890,"v":1.0} , "\\u00e9\\"],", [1,[2]] ,null ], "b":[0] }'
    expect(texts(json, '/a')).toEqual(['{"id":12345678901234567890,"v":1.0}', '"\\u00e9\\"],"', '[1,[2]]', 'null'])
  })

  test('may be the whole text, empty, or deep down', () => {
    expect(texts('[]', '')).toEqual([])
    expect(texts(' \n[1, 2]', '')).toEqual(['1', '2'])
    expect(texts('\uFEFF[1]', '')).toEqual(['1'])
    expect(texts('{"a":{"x~/y":[true]}}', '/a/x~0~1y')).toEqual(['true'])
  })

  test('are those of the last member where a name comes twice, as the parser reads it', () => {
    expect(texts('{"a":[1],"\\u0061":[2]}', '/a')).toEqual(['2'])
  })

  test.each(['{}', '{"a":1}', '{"a":{}}', '7', '"a"', ''])('are none in %s', (json) => {
    expect(jsonItems(bytes(json), '/a')).toBeUndefined()
  })

  test('are what a parser finds there, for any JSON', () => {
    const spaced = fc.tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'))
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.string(), spaced, (items, name, [other, indent]) => {
        const json = JSON.stringify({ other, [name]: items }, undefined, indent)
        const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
        const found = jsonItems(bytes(json), pointer)
        expect(found?.map((item) => parseJson(item))).toEqual(JSON.parse(JSON.stringify(items)))
      }),
    )
  })

  test('are looked for without end or error in any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', 'a', ' ') }), (text) => {
        try {
          jsonItems(bytes(text), '/a')
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError) // a name that is no JSON
        }
      }),
    )
  })
})

describe('the depth of a JSON text', () => {
  const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2)

  test('may be 64', () => {
    expect(isTooDeep(bytes(nested(64)))).toBe(false)
    expect(parseJson(bytes(nested(64)))).toBeDefined()
  })

  test('may not be more', () => {
    expect(isTooDeep(bytes(`[${nested(64)}]`))).toBe(true)
    expect(parseJson(bytes(`[${nested(64)}]`))).toBeUndefined()
    expect(parseJson(bytes('['.repeat(1_000_000)))).toBeUndefined()
  })

  test('is not that of brackets in texts, or of brackets that were closed', () => {
    expect(isTooDeep(bytes(`{"a":"${'['.repeat(100)}\\"${'{'.repeat(100)}"}`))).toBe(false)
    expect(isTooDeep(bytes(`[${'[],'.repeat(1_000)}[]]`))).toBe(false)
    expect(isTooDeep(bytes(`["\\\\",${'['.repeat(64)}`))).toBe(true)
  })
})
