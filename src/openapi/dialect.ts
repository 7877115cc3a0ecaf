import { hasFormat } from './formats.ts'
import { enforcedKeywords, patternOf } from './keywords.ts'
import { type Node, type Schema, isNode, isSchema } from './model.ts'
import { type ReferenceTable, type Target, componentReference } from './references.ts'

/** Who sends what is validated: `readOnly` and `writeOnly` properties are required of one side only. */
export type Direction = 'request' | 'response'

/** A union whose branch a property names, once for each value that is known. */
export interface Switch {
  readonly property: string
  readonly branches: ReadonlyMap<string, Target>
  /** The union as it stands, translated, for values that name no branch. */
  readonly otherwise: Node
}

/** What a translation needs to know and how it leaves traces of what stands elsewhere. */
export interface DialectHost {
  /** In 3.0 nothing beside `$ref` counts. */
  readonly isOpenapi30: boolean
  readonly direction: Direction
  readonly references: ReferenceTable
  /** The schema to put where a reference stood. */
  refer(target: Target): Node
  /** The keywords that pick the branch of a union, or `undefined` to check the union as it is. */
  choose(choice: Switch): Node | undefined
}

/**
 * Rewrites a schema as JSON Schema 2020-12 with only keywords that are enforced: `nullable`, boolean
 * `exclusiveMinimum` and `discriminator` are translated, one-sided properties are not required of the
 * other side, annotations are gone.
 */
export function translate(schema: Schema, base: string, host: DialectHost): Schema {
  if (typeof schema === 'boolean') return schema
  const inside = host.references.baseIn(schema, base)
  const { $ref: reference } = schema
  const referred = typeof reference === 'string' ? host.refer(host.references.target(reference, inside)) : undefined
  if (referred !== undefined && host.isOpenapi30) return referred

  const result: Record<string, unknown> = { ...referred }
  for (const keyword in schema) {
    const rule = enforcedKeywords.get(keyword)
    const value = schema[keyword]
    if (rule === undefined || !rule.fits(value)) continue
    if (rule.role === 'value') result[keyword] = value
    else if (rule.role === 'schema') result[keyword] = translate(value as Schema, inside, host)
    else if (rule.role === 'schemas') result[keyword] = (value as Schema[]).map((item) => translate(item, inside, host))
    else result[keyword] = mapped(value as Record<string, Schema>, (item) => translate(item, inside, host))
    if (keyword === 'patternProperties') dropUnreadablePatterns(result[keyword] as Record<string, Schema>)
  }
  if (typeof result['format'] === 'string' && !hasFormat(result['format'])) delete result['format']
  readLimits(result)
  if (Array.isArray(result['required'])) requireOneSide(result, schema, host)
  if (isNode(schema['discriminator'])) readDiscriminator(result, schema, inside, host)
  return schema['nullable'] === true ? orNull(result) : result
}

function mapped<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

function dropUnreadablePatterns(properties: Record<string, Schema>): void {
  for (const pattern in properties) if (patternOf(pattern) === undefined) delete properties[pattern]
}

/** 3.0 says of a limit beside it whether it is exclusive; 2020-12 gives the limit itself. */
function readLimits(schema: Record<string, unknown>): void {
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue
    if (schema[exclusive] && limit in schema) {
      schema[exclusive] = schema[limit]
      delete schema[limit]
    } else delete schema[exclusive]
  }
}

function requireOneSide(result: Record<string, unknown>, schema: Node, host: DialectHost): void {
  const otherSide = host.direction === 'request' ? 'readOnly' : 'writeOnly'
  const { properties } = schema
  if (!isNode(properties)) return
  const required = (result['required'] as string[]).filter((name) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!isNode(property)) return true
    if (property[otherSide] === true) return false
    if (typeof property['$ref'] !== 'string') return true
    const followed = host.references.follow(property)
    return !isNode(followed) || followed[otherSide] !== true
  })
  if (required.length > 0) result['required'] = required
  else delete result['required']
}

/** Beside a type, null joins the types (and values); beside anything else the whole schema may be null instead. */
function orNull(schema: Record<string, unknown>): Node {
  const isComposed = ['allOf', 'anyOf', 'oneOf', 'not', 'const', 'if'].some((keyword) => keyword in schema)
  const { type, enum: values } = schema
  if (type === undefined && !('enum' in schema) && !isComposed && Object.keys(schema).length === 0) return schema
  if (type === undefined || isComposed) return { anyOf: [schema, { type: 'null' }] }
  const types = Array.isArray(type) ? type : [type]
  return {
    ...schema,
    type: types.includes('null') ? types : [...types, 'null'],
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  }
}

/**
 * A discriminator names one branch of a union. Where the value is known, that branch alone is checked
 * and its problems told; where it is missing or unknown, the union is checked as it stands.
 */
function readDiscriminator(result: Record<string, unknown>, schema: Node, base: string, host: DialectHost): void {
  const { propertyName: property, mapping } = schema['discriminator'] as Node
  const union = Array.isArray(schema['oneOf']) ? 'oneOf' : 'anyOf'
  const listed = schema[union]
  if (typeof property !== 'string' || !Array.isArray(listed) || !(union in result)) return

  const branches = new Map<string, Target>()
  const references = listed.map((branch) => (isNode(branch) ? branch['$ref'] : undefined))
  for (const reference of references) {
    if (typeof reference !== 'string') continue
    const name = reference.split('/').at(-1) as string
    branches.set(name, host.references.target(reference, base))
  }
  if (isNode(mapping)) {
    for (const [value, named] of Object.entries(mapping)) {
      if (typeof named !== 'string') continue
      const reference = /[#/]/.test(named) ? named : componentReference('schemas', named)
      if (references.includes(reference)) branches.set(value, host.references.target(reference, base))
    }
  }
  const choice =
    branches.size === 0 ? undefined : host.choose({ property, branches, otherwise: { [union]: result[union] } })
  if (choice === undefined) return
  delete result[union]
  Object.assign(result, choice)
}

/** Whether a schema needs to know what the schemas it refers to have looked at. */
export function looksAcrossReferences(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(looksAcrossReferences)
  if (!isNode(schema)) return false
  for (const keyword in schema) {
    if (keyword === 'unevaluatedProperties' || keyword === 'unevaluatedItems') return isSchema(schema[keyword])
    const value = schema[keyword]
    if (typeof value === 'object' && value !== null && keyword !== 'enum' && keyword !== 'const')
      if (looksAcrossReferences(value)) return true
  }
  return false
}
