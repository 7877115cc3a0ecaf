import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/openapi/document.ts'
import { documentOf } from './documents.ts'

const text = `
openapi: 3.1.0
info: { title: Pets, version: 2024-01-01 }
servers:
  - { url: 'https://{region}.pets.test/{stage}/', variables: { region: { default: eu }, stage: { default: v2 } } }
security: [{ key: [] }]
paths:
  /pets/{id}:
    parameters: [{ $ref: '#/components/parameters/Id' }, { name: q, in: query, schema: { type: string } }]
    get:
      operationId: getPet
      parameters: [{ name: q, in: query, required: true }]
      responses: { 200: { $ref: '#/components/responses/Pet' }, default: {} }
    delete: { security: [], responses: {} }
  /animals/{id}: { $ref: '#/paths/~1pets~1{id}' }
components:
  parameters: { Id: { name: id, in: path, schema: { type: integer } } }
  responses: { Pet: { content: { 'Application/JSON; v=1': { schema: { $ref: '#/components/schemas/Pet' } } } } }
  schemas: { Pet: { type: object }, 'a/b': { type: string } }
`
const document = readDocument(text, 'pets.yaml')

describe('readDocument', () => {
  test('tells what a document says of itself', () => {
    expect(document).toMatchObject({
      path: 'pets.yaml',
      title: 'Pets',
      version: '2024-01-01',
      openapi: '3.1',
      servers: ['https://eu.pets.test/v2/'],
    })
  })

  test('indexes operations with what they inherit', () => {
    expect(document.operations.map(({ name }) => name)).toEqual([
      'GET /pets/{id}',
      'DELETE /pets/{id}',
      'GET /animals/{id}',
      'DELETE /animals/{id}',
    ])
    const get = document.operation('getPet')
    expect(get).toBe(document.operation('GET /pets/{id}'))
    expect(get?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['id', true],
      ['q', true],
    ])
    expect(Object.keys(get?.responses['200']?.content ?? {})).toEqual(['application/json;v=1'])
    expect(get?.security).toEqual([{ key: [] }])
    expect(document.operation('DELETE /pets/{id}')?.security).toEqual([])
  })

  test('matches a path with and without the base path of a server', () => {
    expect(document.match('GET', '/pets/7')).toMatchObject({ operation: { id: 'getPet' }, params: { id: '7' } })
    expect(document.match('GET', '/v2/pets/7?q=1')?.params).toEqual({ id: '7' })
    expect(document.match('POST', '/pets/7')).toBeUndefined()
    expect(document.allowed('/v2/pets/7')).toEqual(['GET', 'DELETE'])
    expect(document.allowed('/')).toEqual([])
  })

  test('looks up schemas and pointers', () => {
    expect(document.schema('Pet')).toEqual({ type: 'object' })
    expect(document.schema('#/components/schemas/Pet')).toEqual({ type: 'object' })
    expect(document.schema('#/components/schemas/a~1b')).toEqual({ type: 'string' })
    expect(document.schema('Gone')).toBeUndefined()
    expect(document.resolve('/paths/~1animals~1{id}/get/operationId')).toBe('getPet')
    expect(document.resolve('#/gone')).toBeUndefined()
  })

  test('reads 3.2 with its new methods', () => {
    const modern = documentOf(
      { '/a': { query: { responses: {} }, additionalOperations: { LINK: { responses: {} } } } },
      {},
      '3.2.0',
    )
    expect(modern.operations.map(({ name }) => name)).toEqual(['QUERY /a', 'LINK /a'])
  })
})
