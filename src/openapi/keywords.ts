import { isNode, isSchema } from './model.ts'

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'])
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
const isSchemas = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isSchema)
const isSchemaMap = (value: unknown) => isNode(value) && Object.values(value).every(isSchema)
const isLimit = (value: unknown) => isNumber(value) || typeof value === 'boolean'

/** How a keyword's value takes part in a schema. */
export type KeywordRole = 'value' | 'schema' | 'schemas' | 'schemaMap'

interface KeywordRule {
  readonly role: KeywordRole
  /** Whether a value can be enforced as it stands. */
  readonly fits: (value: unknown) => boolean
}

const values: Readonly<Record<string, KeywordRule['fits']>> = {
  type: (value) => types.has(value as string) || (isStrings(value) && value.every((type) => types.has(type))),
  enum: (value) => Array.isArray(value) && value.length > 0,
  const: () => true,
  multipleOf: (value) => isNumber(value) && (value as number) > 0,
  maximum: isNumber,
  minimum: isNumber,
  exclusiveMaximum: isLimit,
  exclusiveMinimum: isLimit,
  maxLength: isCount,
  minLength: isCount,
  pattern: (value) => typeof value === 'string' && patternOf(value) !== undefined,
  format: (value) => typeof value === 'string',
  maxItems: isCount,
  minItems: isCount,
  uniqueItems: (value) => typeof value === 'boolean',
  maxContains: isCount,
  minContains: isCount,
  maxProperties: isCount,
  minProperties: isCount,
  required: isStrings,
  dependentRequired: (value) => isNode(value) && Object.values(value).every(isStrings),
}

const schemas = ['not', 'if', 'then', 'else', 'items', 'contains', 'additionalProperties', 'propertyNames']
const acrossReferences = ['unevaluatedItems', 'unevaluatedProperties']
const schemaLists = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const schemaMaps = ['properties', 'patternProperties', 'dependentSchemas']

/** Every keyword that is enforced: what its value must look like, and whether schemas stand in it. */
export const enforcedKeywords: ReadonlyMap<string, KeywordRule> = new Map<string, KeywordRule>([
  ...Object.entries(values).map(([keyword, fits]) => [keyword, { role: 'value', fits }] as const),
  ...[...schemas, ...acrossReferences].map((keyword) => [keyword, { role: 'schema', fits: isSchema }] as const),
  ...schemaLists.map((keyword) => [keyword, { role: 'schemas', fits: isSchemas }] as const),
  ...schemaMaps.map((keyword) => [keyword, { role: 'schemaMap', fits: isSchemaMap }] as const),
])

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
