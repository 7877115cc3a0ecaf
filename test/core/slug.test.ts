import { expect, test } from 'vitest'
import { slug } from '../../src/core/slug.ts'

test.each([
  ['Swagger Petstore - OpenAPI 3.0', 'swagger-petstore-openapi-3-0'],
  ['  Café/Zahlung? ', 'cafe-zahlung'],
  ['Four words and a cut here', 'four-words-and-a'],
  ['ペット', ''],
])('a slug of "%s" is "%s"', (text, expected) => {
  expect(slug(text, expected === 'four-words-and-a' ? 17 : 40)).toBe(expected)
})
