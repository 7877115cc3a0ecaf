import { describe, expect, test } from 'vitest'
import { validateResponse } from '../../src/openapi/validate-response.ts'
import { documentOf, lines, operationOf } from './documents.ts'

const document = documentOf(
  {
    '/pets': {
      get: {
        responses: {
          200: {
            headers: { 'X-Total': { required: true, schema: { type: 'integer' } } },
            content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } } },
          },
          204: {},
          '4XX': { content: { 'application/problem+json': { schema: { type: 'object', required: ['title'] } } } },
        },
      },
    },
  },
  { Pet: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
)
const operation = operationOf(document, 'GET /pets')
const bytes = (text: string) => new TextEncoder().encode(text)

describe('validateResponse', () => {
  test('accepts what is declared, as bytes or as a value', () => {
    expect(validateResponse(document, operation, 200, 'application/json', bytes('[{"name":"Rex"}]'))).toEqual([])
    expect(validateResponse(document, operation, 200, 'application/json; charset=utf-8', [{ name: 'Rex' }])).toEqual([])
    expect(validateResponse(document, operation, 204, null, bytes(''))).toEqual([])
    expect(validateResponse(document, operation, 404, 'application/problem+json', { title: 'x' })).toEqual([])
  })

  test.each([
    [200, 'application/json', '[{"name":7},{}]', ['body 0[name]: type', 'body 1[name]: required']],
    [200, 'application/json', '<html>', ['body : syntax']],
    [200, 'application/json', '', ['body : required']],
    [200, 'text/html', '<html>', ['header content-type: contentType']],
    [404, 'application/problem+json', '{}', ['body title: required']],
    [500, 'text/plain', 'x', ['status : status']],
  ])('refuses %s %s %s', (status, contentType, body, expected) => {
    expect(lines(validateResponse(document, operation, status, contentType, bytes(body)))).toEqual(expected)
  })

  test('checks headers where it is given them', () => {
    const of = (headers: Record<string, string>) =>
      lines(validateResponse(document, operation, 200, 'application/json', [], new Headers(headers)))
    expect(of({ 'x-total': '3' })).toEqual([])
    expect(of({ 'x-total': 'many' })).toEqual(['header x-total: type'])
    expect(of({})).toEqual(['header x-total: required'])
  })
})
