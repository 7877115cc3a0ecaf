import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/core/random.ts'
import { type Schema } from '../../src/openapi/model.ts'
import { patternSampler } from '../../src/openapi/sample-pattern.ts'
import { sampleResponse, sampleSchema } from '../../src/openapi/sample.ts'
import { validatorsOf } from '../../src/openapi/validators.ts'
import { documentOf, operationOf } from './documents.ts'

const draw = (schema: Schema, schemas = {}, openapi = '3.1.0', seed = 1) =>
  sampleSchema(documentOf({}, schemas, openapi), schema, seededRandom(seed))

const number = fc
  .record({
    minimum: fc.integer({ min: -50, max: 50 }),
    room: fc.integer({ min: 2, max: 90 }),
    exclusive: fc.boolean(),
  })
  .map(({ minimum, room, exclusive }) => ({
    [exclusive ? 'exclusiveMinimum' : 'minimum']: minimum,
    maximum: minimum + room,
  }))
const text = fc.oneof(
  fc
    .constantFrom('date', 'date-time', 'time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname', 'byte', 'duration')
    .map((format) => ({ type: 'string', format })),
  fc
    .constantFrom('^[a-z]{3}$', '^(a|b)+\\d?$', '\\w+@x', '^pi_[A-Za-z0-9]{8,}$', '^[^"]*$', '^\\+?[1-9]\\d{1,14}$')
    .map((pattern) => ({ type: 'string', pattern })),
  fc
    .record({ minLength: fc.integer({ min: 0, max: 30 }), room: fc.integer({ min: 0, max: 30 }) })
    .map(({ minLength, room }) => ({ type: 'string', minLength, maxLength: minLength + room })),
)
const { schema: anySchema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number.map((limits) => Object.assign(limits, { type: 'integer' })),
    number.map((limits) => Object.assign(limits, { type: 'number' })),
    fc.integer({ min: 1, max: 9 }).map((multipleOf) => ({ type: 'integer', multipleOf })),
    fc.constantFrom<Schema>(
      { type: 'boolean' },
      { type: 'null' },
      { enum: ['a', 1, null] },
      { const: { x: [1] } },
      true,
      {},
    ),
    fc.constant<Schema>({ $ref: '#/components/schemas/Node' }),
    tie('schema').map((schema) => ({ anyOf: [schema, { type: 'null' }] })),
    fc
      .tuple(tie('schema'), fc.integer({ min: 0, max: 3 }))
      .map(([items, minItems]) => ({ type: 'array', items, minItems })),
    fc
      .tuple(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('schema'), { maxKeys: 4 }),
        fc.boolean(),
        fc.boolean(),
      )
      .map(([properties, isRequired, isClosed]) => ({
        type: 'object',
        properties,
        required: isRequired ? Object.keys(properties) : [],
        additionalProperties: !isClosed,
      })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => ({
      allOf: [
        { type: 'object', properties: { a } },
        { type: 'object', properties: { b }, required: ['b'] },
      ],
    })),
  ),
}))

/** A list that holds itself, an object that must end in null, and a union that may go on for ever. */
const cyclic = {
  Node: {
    type: 'object',
    required: ['children', 'parent', 'either'],
    properties: {
      children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
      parent: { oneOf: [{ $ref: '#/components/schemas/Node' }, { type: 'null' }] },
      either: { anyOf: [{ $ref: '#/components/schemas/Node' }, { type: 'string', maxLength: 5 }] },
      also: { $ref: '#/components/schemas/Node' },
    },
  },
}

describe('sampleSchema', () => {
  test('makes what the schema accepts, for any schema that accepts something', () => {
    fc.assert(
      fc.property(anySchema, fc.integer(), (schema, seed) => {
        const document = documentOf({}, cyclic, '3.1.0')
        const value = sampleSchema(document, schema, seededRandom(seed))
        expect(validatorsOf(document).check(schema, 'response')(value)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('makes the same from the same seed', () => {
    const schema = { $ref: '#/components/schemas/Node' }
    expect(draw(schema, cyclic)).toEqual(draw(schema, cyclic))
    expect(draw({ type: 'string' }, {}, '3.1.0', 1)).not.toEqual(draw({ type: 'string' }, {}, '3.1.0', 2))
  })

  test('prefers an example that fits, and drops one that does not', () => {
    expect(draw({ type: 'object', properties: { a: { type: 'string', example: 'given' } } })).toEqual({ a: 'given' })
    expect(draw({ type: 'object', properties: { a: { type: 'integer', example: 'given' } } })).toEqual({
      a: expect.any(Number) as number,
    })
  })

  test('puts the name of the branch where a discriminator looks', () => {
    const union = {
      oneOf: [{ $ref: '#/components/schemas/Cat' }],
      discriminator: { propertyName: 'kind', mapping: { feline: '#/components/schemas/Cat' } },
    }
    expect(draw(union, { Cat: { type: 'object', properties: { kind: { type: 'string' } } } })).toEqual({
      kind: 'feline',
    })
  })

  test('ends on a schema that nothing can satisfy', () => {
    const endless = { type: 'object', required: ['a'], properties: { a: { $ref: '#/components/schemas/Endless' } } }
    expect(draw({ $ref: '#/components/schemas/Endless' }, { Endless: endless })).toBeDefined()
    expect(draw(false)).toBeNull()
  })

  test('takes the branch that ends', () => {
    const endless = { type: 'object', required: ['a'], properties: { a: { $ref: '#/components/schemas/Endless' } } }
    const ending = {
      type: 'object',
      required: ['b'],
      properties: { b: { type: 'object', required: ['c'], properties: { c: { const: 1 } } } },
    }
    const union = { anyOf: [{ $ref: '#/components/schemas/Endless' }, ending] }
    for (let seed = 0; seed < 10; seed++)
      expect(draw(union, { Endless: endless }, '3.1.0', seed)).toEqual({ b: { c: 1 } })
  })

  test('leaves out what only the other side sends', () => {
    const schema = {
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'integer', writeOnly: true }, b: { type: 'integer' } },
    }
    expect(Object.keys(draw(schema) as object)).toEqual(['b'])
  })
})

describe('patternSampler', () => {
  test.each([
    '^[a-f\\d]{4}-x$',
    '(?:ab|c){2,}',
    '^\\p{L}+\\.[^a-z]$',
    '\\S\\s\\W',
    '^(?!x)a?b*c+$',
    '[\\w.-]+',
    '^\\x41\\u0042$',
  ])('draws what %s matches', (pattern) => {
    const sample = patternSampler(pattern)
    for (let seed = 0; seed < 20; seed++) expect(sample(seededRandom(seed))).toMatch(new RegExp(pattern, 'u'))
  })
})

describe('sampleResponse', () => {
  const media = (more: object) => ({ content: { 'text/plain': {}, 'application/json': more } })
  const document = documentOf({
    '/a': {
      get: {
        responses: {
          404: {},
          201: media({ schema: { type: 'object' }, examples: { bad: { value: 1 }, good: { value: { x: 1 } } } }),
        },
      },
      put: { responses: { '2XX': media({ schema: { type: 'integer' } }), 409: media({ example: 'conflict' }) } },
      delete: { responses: { 204: {} } },
      post: { responses: { default: media({}) } },
    },
  })
  const of = (name: string, status?: number) =>
    sampleResponse(document, operationOf(document, name), { random: seededRandom(1), status })

  test('takes the first success and the first example that fits', () => {
    expect(of('GET /a')).toEqual({ status: 201, contentType: 'application/json', body: { x: 1 } })
    expect(of('PUT /a')).toEqual({ status: 200, contentType: 'application/json', body: expect.any(Number) as number })
    expect(of('DELETE /a')).toEqual({ status: 204, body: undefined })
    expect(of('POST /a')).toEqual({ status: 200, contentType: 'application/json', body: undefined })
  })

  test('answers with the status that is asked for', () => {
    expect(of('PUT /a', 409)).toEqual({ status: 409, contentType: 'application/json', body: 'conflict' })
  })
})
