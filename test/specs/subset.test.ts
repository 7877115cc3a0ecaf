import { describe, expect, test } from 'vitest'
import { type Document, type Operation, type Schema } from '../../scripts/specs/document.ts'
import { compareDocuments } from '../../scripts/specs/subset.ts'

const json = (schema: Schema) => ({ 'application/json': { schema } })
const form = (schema: Schema, encoding = {}) => ({ 'application/x-www-form-urlencoded': { schema, encoding } })
const onPath = (post: Operation, rest: object = {}): Document => ({ paths: { '/v1/things': { post } }, ...rest })

const found = (slice: Document, official: Document) =>
  compareDocuments(slice, official).differences.map(({ at, message }) => `${at}: ${message}`)

const answering = (schema: Schema, rest: object = {}) => onPath({ responses: { 200: { content: json(schema) } } }, rest)
const asking = (schema: Schema) => onPath({ requestBody: { content: form(schema) } })
const answers = (slice: Schema, official: Schema) => found(answering(slice), answering(official))
const asks = (slice: Schema, official: Schema) => found(asking(slice), asking(official))

const text = { type: 'string' }
const number = { type: 'integer' }
const thing = { type: 'object', properties: { id: text, size: number }, required: ['id'] }

describe('a slice', () => {
  test('differs in nothing from itself', () => {
    const document = onPath({
      operationId: 'PostThings',
      parameters: [{ name: 'expand', in: 'query', schema: { type: 'array', items: text } }],
      requestBody: { required: true, content: form({ ...thing, additionalProperties: false }) },
      responses: { default: { content: json(thing) } },
    })
    expect(compareDocuments(document, document)).toEqual({ operations: 1, differences: [] })
  })

  test('may leave out operations, optional parameters, fields and statuses', () => {
    const official = {
      paths: {
        '/v1/things': {
          get: {},
          post: {
            parameters: [{ name: 'page', in: 'query' }],
            requestBody: { content: form(thing) },
            responses: { 200: { content: json(thing) }, 400: {} },
          },
        },
        '/v1/others': { get: {} },
      },
    }
    const slice = onPath({ responses: { 200: { content: json({ type: 'object', properties: { id: text } }) } } })
    expect(found(slice, official)).toEqual([])
  })

  test('may leave out alternatives of an answer', () => {
    expect(answers(text, { anyOf: [number, text] })).toEqual([])
  })
})

describe('operations of a slice', () => {
  const cases: [string, Document, Document, string][] = [
    ['a path', onPath({}), { paths: {} }, '/v1/things: does not exist there'],
    ['a method', onPath({}), { paths: { '/v1/things': {} } }, 'POST /v1/things: does not exist there'],
    [
      'another name',
      onPath({ operationId: 'MakeThing' }),
      onPath({ operationId: 'PostThings' }),
      'POST /v1/things: is called MakeThing here, PostThings there',
    ],
    [
      'a parameter',
      onPath({ parameters: [{ name: 'limit', in: 'query' }] }),
      onPath({ parameters: [{ name: 'limit', in: 'header' }] }),
      'POST /v1/things query limit: does not exist there',
    ],
    [
      'a required parameter',
      onPath({ parameters: [{ name: 'limit', in: 'query', required: true }] }),
      onPath({ parameters: [{ name: 'limit', in: 'query' }] }),
      'POST /v1/things query limit: is required only here',
    ],
    [
      'a parameter less',
      onPath({}),
      onPath({ parameters: [{ name: 'limit', in: 'query', required: true }] }),
      'POST /v1/things query limit: is required there, not here',
    ],
    [
      'another style',
      onPath({ parameters: [{ name: 'created', in: 'query' }] }),
      onPath({ parameters: [{ name: 'created', in: 'query', style: 'deepObject', explode: true }] }),
      'POST /v1/things query created: is written as exploded form here, exploded deepObject there',
    ],
    [
      'another type of parameter',
      onPath({ parameters: [{ name: 'limit', in: 'query', schema: text }] }),
      onPath({ parameters: [{ name: 'limit', in: 'query', schema: number }] }),
      'POST /v1/things query limit: is string here, integer there',
    ],
    ['a body', onPath({ requestBody: { content: {} } }), onPath({}), 'POST /v1/things body: does not exist there'],
    [
      'a body less',
      onPath({}),
      onPath({ requestBody: { required: true } }),
      'POST /v1/things body: is required there, not here',
    ],
    [
      'a body that must be sent',
      onPath({ requestBody: { required: true } }),
      onPath({ requestBody: {} }),
      'POST /v1/things body: is required only here',
    ],
    [
      'another content type',
      onPath({ requestBody: { content: json(thing) } }),
      onPath({ requestBody: { content: form(thing) } }),
      'POST /v1/things body application/json: does not exist there',
    ],
    [
      'another way of writing a field',
      onPath({ requestBody: { content: form(thing) } }),
      onPath({ requestBody: { content: form(thing, { id: { style: 'deepObject', explode: true } }) } }),
      'POST /v1/things body.id: is written as exploded form here, exploded deepObject there',
    ],
    [
      'a status',
      onPath({ responses: { 404: {} } }),
      onPath({ responses: { default: {} } }),
      'POST /v1/things 404: does not exist there',
    ],
    [
      'a header of an answer',
      onPath({ responses: { 200: { headers: { 'Retry-After': {} } } } }),
      onPath({ responses: { 200: {} } }),
      'POST /v1/things 200 header Retry-After: does not exist there',
    ],
    [
      'a server',
      onPath({}, { servers: [{ url: 'https://api.test' }] }),
      onPath({}, { servers: [{ url: 'https://api.example' }] }),
      'server https://api.test: does not exist there',
    ],
    [
      'a security scheme',
      onPath({}, { components: { securitySchemes: { key: { type: 'apiKey' } } } }),
      onPath({}),
      'security scheme key: does not exist there',
    ],
    [
      'another kind of security scheme',
      onPath({}, { components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } } }),
      onPath({}, { components: { securitySchemes: { key: { type: 'http', scheme: 'basic' } } } }),
      'security scheme key: is of another kind there',
    ],
  ]
  test.each(cases)('cannot have %s', (_what, slice, official, expected) => {
    expect(found(slice, official)).toEqual([expected])
  })

  test('are judged with the parameters of their path, on either side', () => {
    const parameter = { name: 'id', in: 'path', required: true, schema: text }
    const shared = { paths: { '/v1/things': { parameters: [parameter], post: {} } } }
    expect(found(shared, onPath({ parameters: [parameter] }))).toEqual([])
    expect(found(onPath({}), shared)).toEqual(['POST /v1/things path id: is required there, not here'])
  })
})

describe('schemas of a slice', () => {
  const at = 'POST /v1/things 200'
  const cases: [string, Schema, Schema, string][] = [
    ['a field', thing, { type: 'object', properties: { id: text }, required: ['id'] }, '.size: does not exist there'],
    ['another type', number, text, ': is integer here, string there'],
    ['no type', {}, text, ': is anything here, string there'],
    ['a required field', thing, { ...thing, required: [] }, '.id: is required only here'],
    [
      'a value',
      { type: 'string', enum: ['a', 'z'] },
      { type: 'string', enum: ['a', 'b'] },
      ': has the value "z" only here',
    ],
    ['values', { type: 'string', enum: ['a'] }, text, ': has fixed values only here'],
    ['no values', text, { type: 'string', enum: ['a'] }, ': has fixed values there, none here'],
    ['another format', { ...number, format: 'int64' }, number, ': has format "int64" here, null there'],
    ['another limit', { ...text, maxLength: 9 }, { ...text, maxLength: 8 }, ': has maxLength 9 here, 8 there'],
    ['null', { ...text, nullable: true }, text, ': is nullable only here'],
    ['an alternative', { anyOf: [text, number] }, { anyOf: [text, thing] }, '(2): is integer here, string there'],
    [
      'other items',
      { type: 'array', items: text },
      { type: 'array', items: number },
      '[]: is string here, integer there',
    ],
    [
      'values of any name',
      { type: 'object', additionalProperties: text },
      { type: 'object' },
      ': has values of any name only here',
    ],
    [
      'other values of any name',
      { type: 'object', additionalProperties: text },
      { type: 'object', additionalProperties: number },
      '.*: is string here, integer there',
    ],
  ]
  test.each(cases)('cannot have %s', (_what, slice, official, expected) => {
    expect(answers(slice, official)).toEqual([`${at}${expected}`])
  })

  test('must show that an answer can be null', () => {
    expect(answers(text, { ...text, nullable: true })).toEqual([`${at}: can be null there, which is left out here`])
    expect(asks(text, { ...text, nullable: true })).toEqual([])
  })

  test('must require of a request what is required there', () => {
    expect(asks({ ...thing, required: [] }, thing)).toEqual(['POST /v1/things body.id: is required there, not here'])
    expect(answers({ ...thing, required: [] }, thing)).toEqual([])
  })

  test('close a request only where that refuses nothing that exists there', () => {
    const closed = { ...thing, additionalProperties: false }
    const small = { type: 'object', properties: { id: text }, required: ['id'], additionalProperties: false }
    expect(asks(closed, thing)).toEqual([])
    expect(asks(small, closed)).toEqual([])
    expect(asks(small, thing)).toEqual(['POST /v1/things body: is closed here, but lacks size'])
    expect(asks(thing, closed)).toEqual(['POST /v1/things body: is closed there, not here'])
    expect(answers(closed, thing)).toEqual([`${at}: is closed only here`])
  })

  test('are compared part by part where they are joined by allOf', () => {
    const parts = { allOf: [{ type: 'object', properties: { id: text } }, { properties: { size: number } }] }
    expect(answers(parts, { type: 'object', properties: { id: text, size: number } })).toEqual([])
    expect(answers(parts, { type: 'object', properties: { id: text } })).toEqual([`${at}.size: does not exist there`])
  })
})

describe('references', () => {
  const node = (id: Schema) => ({
    components: {
      schemas: {
        node: { type: 'object', properties: { id, next: { anyOf: [text, { $ref: '#/components/schemas/node' }] } } },
      },
    },
  })
  const start = { $ref: '#/components/schemas/node' }

  test('that form a cycle are followed once', () => {
    expect(found(answering(start, node(text)), answering(start, node(text)))).toEqual([])
  })

  test('lead to differences on a cycle, wherever it is entered', () => {
    const outside = { type: 'object', properties: { first: { anyOf: [text, start] } } }
    const slice = answering(outside, node(number))
    const official = answering(outside, node(text))
    expect(found(slice, official)).toEqual(['POST /v1/things 200.first(2).id: is integer here, string there'])
  })

  test('do not hide a difference behind an alternative that was tried before', () => {
    const schemas = (size: Schema) => ({
      components: {
        schemas: {
          left: { type: 'object', properties: { right: { $ref: '#/components/schemas/right' } } },
          right: { type: 'object', properties: { left: { $ref: '#/components/schemas/left' }, size } },
        },
      },
    })
    const root = (names: string[]) => ({ anyOf: names.map((name) => ({ $ref: `#/components/schemas/${name}` })) })
    const differences = found(
      answering(root(['left', 'right']), schemas(number)),
      answering(root(['right', 'left']), schemas(text)),
    )
    expect(differences).toEqual(['POST /v1/things 200(1).right.size: is integer here, string there'])
  })

  test('that lead nowhere are named', () => {
    expect(() => answers({ $ref: '#/components/schemas/none' }, text)).toThrow(
      '#/components/schemas/none leads nowhere',
    )
  })
})
