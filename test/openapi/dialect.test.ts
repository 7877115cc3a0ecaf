import { describe, expect, test } from 'vitest'
import { type Direction } from '../../src/openapi/dialect.ts'
import { type Schema } from '../../src/openapi/model.ts'
import { validatorsOf } from '../../src/openapi/validators.ts'
import { documentOf } from './documents.ts'

function fits(
  schema: Schema,
  value: unknown,
  schemas = {},
  openapi = '3.0.3',
  direction: Direction = 'response',
): boolean {
  const document = documentOf({}, { ...schemas, It: schema }, openapi)
  return validatorsOf(document).check(document.schema('It') as Schema, direction)(value).length === 0
}

describe('the dialect of 3.0', () => {
  test.each([
    [{ type: 'string', nullable: true }, null, true],
    [{ type: 'string', nullable: true, enum: ['a'] }, null, true],
    [{ type: 'string', nullable: true, enum: ['a'] }, 'b', false],
    [{ nullable: true, allOf: [{ type: 'object' }] }, null, true],
    [{ nullable: true, allOf: [{ type: 'object' }] }, 1, false],
    [{ nullable: true }, 1, true],
    [{ minimum: 1, exclusiveMinimum: true }, 1, false],
    [{ minimum: 1, exclusiveMinimum: false }, 1, true],
    [{ maximum: 1, exclusiveMaximum: true }, 1, false],
    [{ exclusiveMaximum: true }, 1, true],
    [{ type: 'string', format: 'unix-time' }, 'x', true],
    [{ type: 'integer', format: 'int32' }, 2 ** 31, false],
    [{ type: 'string', format: 'decimal' }, '1.5', true],
    [{ type: 'string', format: 'decimal' }, 'x', false],
    [{ type: 'string', format: 'no-such-format' }, 'x', true],
    [{ type: 'string', pattern: '^\\-[a\\_]$' }, '-a', true],
    [{ type: 'string', pattern: '(?i)broken' }, 'x', true],
    [{ required: true, type: 'object' }, {}, true],
    [{ type: 'object', properties: { toString: { type: 'string' } } }, {}, true],
    [{ type: 'object', required: ['constructor'] }, {}, false],
    [{ enum: [] }, 1, true],
  ] as [Schema, unknown, boolean][])('%j and %j: %s', (schema, value, expected) => {
    expect(fits(schema, value)).toBe(expected)
  })

  test('has nothing beside a reference count', () => {
    expect(fits({ $ref: '#/components/schemas/Any', type: 'string' }, 1, { Any: {} })).toBe(true)
    expect(fits({ $ref: '#/components/schemas/Any', type: 'string' }, 1, { Any: {} }, '3.1.0')).toBe(false)
  })

  test('asks for one-sided properties from their side only', () => {
    const schema = {
      type: 'object',
      required: ['id', 'secret', 'kept'],
      properties: { id: { readOnly: true }, secret: { $ref: '#/components/schemas/Secret' }, kept: {} },
    }
    const schemas = { Secret: { type: 'string', writeOnly: true } }
    expect(fits(schema, { secret: 's', kept: 1 }, schemas, '3.0.3', 'request')).toBe(true)
    expect(fits(schema, { id: 1, kept: 1 }, schemas, '3.0.3', 'response')).toBe(true)
    expect(fits(schema, { id: 1, secret: 's' }, schemas, '3.0.3', 'response')).toBe(false)
  })
})

describe('a discriminator', () => {
  const schemas = {
    Cat: { type: 'object', required: ['kind', 'lives'], properties: { kind: {}, lives: { type: 'integer' } } },
    Dog: { type: 'object', required: ['kind'], properties: { kind: {}, tail: { type: 'boolean' } } },
  }
  const union = {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', mapping: { feline: '#/components/schemas/Cat', canine: 'Dog' } },
  }
  test.each([
    [{ kind: 'Cat', lives: 9 }, true],
    [{ kind: 'feline', lives: 9 }, true],
    [{ kind: 'feline' }, false],
    [{ kind: 'canine', tail: true }, true],
    [{ kind: 'canine', tail: 1 }, false],
    [{ kind: 'cow' }, true], // an unknown kind is what the union says: a dog alone has nothing against it
    [{ tail: true }, false],
    [1, false],
  ])('of %j says %s', (value, expected) => {
    expect(fits(union, value, schemas)).toBe(expected)
  })

  test('lets the branch that it names say what is wrong', () => {
    const document = documentOf({}, { ...schemas, It: union })
    const errors = validatorsOf(document).check(union, 'response')({ kind: 'feline', lives: 'nine' })
    expect(errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toEqual(['/lives type'])
  })
})

describe('references', () => {
  test('may form circles', () => {
    const node = {
      type: 'object',
      properties: { next: { $ref: '#/components/schemas/It' }, value: { type: 'integer' } },
    }
    expect(fits(node, { next: { next: { value: 1 } } })).toBe(true)
    expect(fits(node, { next: { next: { value: 'x' } } })).toBe(false)
  })

  test('are seen across by unevaluatedProperties', () => {
    const base = { type: 'object', properties: { a: {} } }
    const closed = { $ref: '#/components/schemas/Base', properties: { b: {} }, unevaluatedProperties: false }
    expect(fits(closed, { a: 1, b: 1 }, { Base: base }, '3.1.0')).toBe(true)
    expect(fits(closed, { a: 1, c: 1 }, { Base: base }, '3.1.0')).toBe(false)
  })

  test('are read against the $id that they stand in', () => {
    const schema = {
      $id: 'https://x.test/base/',
      $defs: { n: { type: 'integer' }, m: { $anchor: 'm', type: 'string' } },
      properties: { a: { $ref: '#/$defs/n' }, b: { $ref: '#m' } },
    }
    expect(fits(schema, { a: 1, b: 'x' }, {}, '3.1.0')).toBe(true)
    expect(fits(schema, { a: 'x' }, {}, '3.1.0')).toBe(false)
    expect(fits(schema, { b: 1 }, {}, '3.1.0')).toBe(false)
  })
})
