import { describe, expect, test } from 'vitest'
import { sameParameters } from '../../../src/mocks/checks/same-parameters.ts'

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'
const of = (text: string, type: string | null, path = '/things') => ({
  path,
  body: new TextEncoder().encode(text),
  type,
})

describe('two requests', () => {
  test.each([
    ['a=1&b=2', 'b=2&a=1', form],
    ['a=%20x', 'a=+x', form],
    ['{"a":1,"b":{"c":[1,2],"d":2}}', '{ "b": {"d":2,"c":[1,2]}, "a": 1 }', json],
    ['same bytes', 'same bytes', 'text/plain'],
  ])('%s and %s are the same', (one, other, type) => {
    expect(sameParameters(of(one, type), of(other, type))).toBe(true)
  })

  test.each([
    ['a=1', 'a=2', form],
    ['a[]=1&a[]=2', 'a[]=2&a[]=1', form],
    ['a=1', 'a=1&b=', form],
    ['{"a":[1,2]}', '{"a":[2,1]}', json],
    ['{"a":1}', '{"a":"1"}', json],
    ['{"a":', '{"a"', json],
    ['a b', 'b a', 'text/plain'],
  ])('%s and %s differ', (one, other, type) => {
    expect(sameParameters(of(one, type), of(other, type))).toBe(false)
  })

  test('at other addresses differ', () => {
    expect(sameParameters(of('a=1', form), of('a=1', form, '/others'))).toBe(false)
  })
})
