import { describe, expect, test } from 'vitest'
import { notEnforced } from '../../src/openapi/not-enforced.ts'
import { documentOf } from './documents.ts'

describe('notEnforced', () => {
  test('names each thing that nobody checks, where it stands first and how often', () => {
    const document = documentOf(
      {
        '/a': {
          post: {
            parameters: [{ name: 'p', in: 'query', style: 'matrix', schema: { type: 'string', format: 'odd' } }],
            requestBody: { content: { 'application/xml': { schema: { type: 'object' } }, 'image/png': {} } },
            responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Gone' } } } } },
          },
        },
      },
      {
        A: {
          type: 'object',
          requried: ['x'],
          properties: { x: { type: 'text' }, y: { pattern: '(?i)x' }, z: { format: 'odd' } },
        },
        B: { required: true, example: { $ref: '#/nowhere', type: 'nonsense' }, 'x-own': 1, readOnly: true },
        C: { type: 'object', discriminator: { propertyName: 'kind' } },
      },
    )
    expect(notEnforced(document)).toEqual([
      'bodies of type application/xml (#/paths/~1a/post/requestBody/content/application~1xml)',
      'discriminator beside neither oneOf nor anyOf (#/components/schemas/C)',
      'format: odd (#/paths/~1a/post/parameters/0/schema, and 1 more)',
      'pattern: "(?i)x", which is not valid there (#/components/schemas/A/properties/y)',
      'required: true, which is not valid there (#/components/schemas/B)',
      'style: matrix of query parameters (#/paths/~1a/post/parameters/0)',
      'the keyword requried (#/components/schemas/A)',
      'the reference #/components/schemas/Gone, which leads nowhere (#/paths/~1a/post/responses/200/content/application~1json/schema)',
      'type: "text", which is not valid there (#/components/schemas/A/properties/x)',
    ])
  })

  test('is empty where everything is enforced', () => {
    const schema = { type: 'object', properties: { at: { type: 'string', format: 'date-time', description: 'When.' } } }
    expect(notEnforced(documentOf({}, { A: schema }))).toEqual([])
  })
})
