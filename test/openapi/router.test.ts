import { describe, expect, test } from 'vitest'
import { createRouter } from '../../src/openapi/router.ts'

const templates = [
  'GET /v1/customers',
  'POST /v1/customers',
  'GET /v1/customers/search',
  'POST /v1/customers/{customer}',
  'GET /v1/customers/{customer}',
  'GET /v1/customers/{customer}/cards/{id}',
  'GET /files/{name}.json',
  'GET /files/{name}.{ext}',
  'GET /files/{a},{b}',
  'GET /files/{id}',
  'GET /reports/report-{id}-summary',
  'GET /',
]
const router = createRouter(
  templates.map((leaf) => {
    const [method = '', template = ''] = leaf.split(' ')
    return { method, template, leaf }
  }),
)

describe('createRouter', () => {
  test.each([
    ['GET', '/v1/customers', 'GET /v1/customers', {}],
    ['GET', '/v1/customers/search', 'GET /v1/customers/search', {}],
    ['POST', '/v1/customers/search', 'POST /v1/customers/{customer}', { customer: 'search' }],
    ['GET', '/v1/customers/cus_1', 'GET /v1/customers/{customer}', { customer: 'cus_1' }],
    [
      'GET',
      '/v1/customers/a%2Fb%20c/cards/%zz',
      'GET /v1/customers/{customer}/cards/{id}',
      { customer: 'a/b c', id: '%zz' },
    ],
    ['GET', '/files/x.json', 'GET /files/{name}.json', { name: 'x' }],
    ['GET', '/files/x.txt', 'GET /files/{name}.{ext}', { name: 'x', ext: 'txt' }],
    ['GET', '/files/x,y', 'GET /files/{a},{b}', { a: 'x', b: 'y' }],
    ['GET', '/files/x', 'GET /files/{id}', { id: 'x' }],
    ['GET', '/reports/report-7-summary', 'GET /reports/report-{id}-summary', { id: '7' }],
    ['GET', '/', 'GET /', {}],
  ])('%s %s leads to %s', (method, path, leaf, params) => {
    expect(router.find(method, path)).toEqual({ leaf, params })
  })

  test.each(['/v1', '/v1/customers/', '/v1/customers/cus_1/cards', '/nothing', '/v1/customers/__proto__/x', ''])(
    'knows nothing at %j',
    (path) => {
      expect(router.find('GET', path)).toBeUndefined()
    },
  )

  test('tells the methods of every template that fits', () => {
    expect(router.methods('/v1/customers')).toEqual(['GET', 'POST'])
    expect(router.methods('/v1/customers/search')).toEqual(['GET', 'POST'])
    expect(router.methods('/nowhere')).toEqual([])
  })
})
