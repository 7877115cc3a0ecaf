import { isNode, isSchema } from './model.ts'

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'])
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isList = (value: unknown) => Array.isArray(value)
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
const isSchemas = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isSchema)
const isSchemaMap = (value: unknown) => isNode(value) && Object.values(value).every(isSchema)
const isLimit = (value: unknown) => isNumber(value) || typeof value === 'boolean'

/** How a keyword's value takes part in a schema. */
export type KeywordRole = 'value' | 'schema' | 'schemas' | 'schemaMap'

/** Every keyword that is enforced: what its value must look like, and whether schemas stand in it. */
export const enforcedKeywords: Readonly<Record<string, { role: KeywordRole; fits: (value: unknown) => boolean }>> = {
  type: {
    role: 'value',
    fits: (value) => types.has(value as string) || (isStrings(value) && value.every((type) => types.has(type))),
  },
  enum: { role: 'value', fits: (value) => isList(value) && (value as unknown[]).length > 0 },
  const: { role: 'value', fits: () => true },
  multipleOf: { role: 'value', fits: (value) => isNumber(value) && (value as number) > 0 },
  maximum: { role: 'value', fits: isNumber },
  minimum: { role: 'value', fits: isNumber },
  exclusiveMaximum: { role: 'value', fits: isLimit },
  exclusiveMinimum: { role: 'value', fits: isLimit },
  maxLength: { role: 'value', fits: isCount },
  minLength: { role: 'value', fits: isCount },
  pattern: { role: 'value', fits: (value) => typeof value === 'string' && patternOf(value) !== undefined },
  format: { role: 'value', fits: (value) => typeof value === 'string' },
  maxItems: { role: 'value', fits: isCount },
  minItems: { role: 'value', fits: isCount },
  uniqueItems: { role: 'value', fits: (value) => typeof value === 'boolean' },
  maxContains: { role: 'value', fits: isCount },
  minContains: { role: 'value', fits: isCount },
  maxProperties: { role: 'value', fits: isCount },
  minProperties: { role: 'value', fits: isCount },
  required: { role: 'value', fits: isStrings },
  dependentRequired: { role: 'value', fits: (value) => isNode(value) && Object.values(value).every(isStrings) },
  allOf: { role: 'schemas', fits: isSchemas },
  anyOf: { role: 'schemas', fits: isSchemas },
  oneOf: { role: 'schemas', fits: isSchemas },
  prefixItems: { role: 'schemas', fits: isSchemas },
  not: { role: 'schema', fits: isSchema },
  if: { role: 'schema', fits: isSchema },
  then: { role: 'schema', fits: isSchema },
  else: { role: 'schema', fits: isSchema },
  items: { role: 'schema', fits: isSchema },
  contains: { role: 'schema', fits: isSchema },
  additionalProperties: { role: 'schema', fits: isSchema },
  propertyNames: { role: 'schema', fits: isSchema },
  unevaluatedItems: { role: 'schema', fits: isSchema },
  unevaluatedProperties: { role: 'schema', fits: isSchema },
  properties: { role: 'schemaMap', fits: isSchemaMap },
  patternProperties: {
    role: 'schemaMap',
    fits: (value) => isSchemaMap(value) && Object.keys(value as object).every((key) => patternOf(key) !== undefined),
  },
  dependentSchemas: { role: 'schemaMap', fits: isSchemaMap },
}

/** A pattern as JavaScript reads it: with Unicode, or without where a document's escapes are too loose for that. */
export function patternOf(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {
      // the next reading, or none
    }
  }
  return undefined
}
