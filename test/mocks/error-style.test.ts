import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { errorInStyle } from '../../src/mocks/error-style.ts'
import { readDocument } from '../../src/openapi/document.ts'

const text = { type: 'string' }

function refusedAs(schema: object, type = 'application/json') {
  const responses = { 404: { description: '', content: { [type]: { schema } } } }
  const document = readDocument({ openapi: '3.1.0', info: {}, paths: { '/a': { get: { responses } } } }, 'a.json')
  const refusal = { status: 404, code: 'not_found', message: 'There is no a.' }
  const { status, headers, body } = errorInStyle(document, document.operations[0], refusal, seededRandom(1))
  return { status, type: headers['content-type'], body: JSON.parse(body as string) }
}

describe('a refusal in the style of a document', () => {
  test('is put into a flat object', () => {
    const schema = {
      type: 'object',
      required: ['message'],
      properties: { message: text, status: { type: 'integer' }, error: text },
    }
    expect(refusedAs(schema).body).toEqual({ message: 'There is no a.', status: 404, error: 'not_found' })
  })

  test('is put under an error member', () => {
    const error = {
      type: 'object',
      required: ['code', 'description'],
      properties: { code: { type: 'integer' }, description: text },
    }
    expect(refusedAs({ type: 'object', required: ['error'], properties: { error } }).body).toEqual({
      error: { code: 404, description: 'There is no a.' },
    })
  })

  test('is put into a list, of objects or of texts', () => {
    const item = { type: 'object', required: ['detail'], properties: { detail: text, code: text } }
    const ofObjects = { type: 'object', required: ['errors'], properties: { errors: { type: 'array', items: item } } }
    expect(refusedAs(ofObjects).body).toEqual({ errors: [{ detail: 'There is no a.', code: 'not_found' }] })
    const ofTexts = { type: 'object', required: ['errors'], properties: { errors: { type: 'array', items: text } } }
    expect(refusedAs(ofTexts).body).toEqual({ errors: ['There is no a.'] })
  })

  test('keeps to words that the schema lists', () => {
    const schema = {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: { type: 'string', enum: ['NOT_HERE'] }, message: { type: 'string', maxLength: 3 } },
    }
    const { body } = refusedAs(schema)
    expect(body.code).toBe('NOT_HERE')
    expect(body.message.length).toBeLessThanOrEqual(3)
  })

  test('keeps the content type that is declared', () => {
    const schema = { type: 'object', properties: { title: text, detail: text } }
    const { type, body } = refusedAs(schema, 'application/problem+json')
    expect(type).toBe('application/problem+json')
    expect(body).toEqual({ title: 'Not Found', detail: 'There is no a.' })
  })
})
