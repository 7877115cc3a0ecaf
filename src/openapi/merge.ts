import { type Schema, isNode } from './model.ts'

/** A schema whose references and composition have been worked in: only keywords about one value are left. */
export type Merged = Record<string, unknown>

const larger = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'minContains'])
const smaller = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'maxContains'])

/** Adds the demands of one schema to those of another, as `allOf` does; what cannot be joined keeps the later word. */
export function mergeInto(merged: Merged, schema: Readonly<Record<string, unknown>>): void {
  for (const keyword in schema) {
    const theirs = schema[keyword]
    const ours = merged[keyword]
    if (ours === undefined) merged[keyword] = keyword === 'properties' ? { ...(theirs as object) } : theirs
    else if (keyword === 'required') merged[keyword] = [...new Set([...(ours as string[]), ...(theirs as string[])])]
    else if (keyword === 'properties' || keyword === 'patternProperties')
      mergeMaps(ours as Record<string, Schema>, theirs)
    else if (keyword === 'type') merged[keyword] = commonTypes(ours, theirs)
    else if (keyword === 'enum') merged[keyword] = (ours as unknown[]).filter((value) => includes(theirs, value))
    else if (keyword === 'nullable') merged[keyword] = ours === true && theirs === true
    else if (larger.has(keyword) && typeof ours === 'number') merged[keyword] = Math.max(ours, theirs as number)
    else if (smaller.has(keyword) && typeof ours === 'number') merged[keyword] = Math.min(ours, theirs as number)
    else if (keyword === 'items' || keyword === 'additionalProperties')
      merged[keyword] = both(ours as Schema, theirs as Schema)
    else merged[keyword] = theirs
  }
}

function mergeMaps(ours: Record<string, Schema>, theirs: unknown): void {
  for (const [name, schema] of Object.entries(theirs as Record<string, Schema>))
    ours[name] = Object.hasOwn(ours, name) ? both(ours[name] as Schema, schema) : schema
}

function both(ours: Schema, theirs: Schema): Schema {
  if (ours === theirs || theirs === true) return ours
  if (ours === true) return theirs
  if (ours === false || theirs === false) return false
  return { allOf: [ours, theirs] }
}

function commonTypes(ours: unknown, theirs: unknown): string[] {
  const accepted = new Set([theirs].flat() as string[])
  const common = ([ours].flat() as string[]).flatMap((type) => {
    if (accepted.has(type)) return [type]
    if (type === 'number' && accepted.has('integer')) return ['integer']
    return type === 'integer' && accepted.has('number') ? ['integer'] : []
  })
  return common.length > 0 ? common : ([ours].flat() as string[])
}

/** Whether a list holds a value of the same JSON. */
export function includes(values: unknown, value: unknown): boolean {
  const text = JSON.stringify(value)
  return Array.isArray(values) && values.some((other) => JSON.stringify(other) === text)
}

/** The types that a merged schema allows, worked out from its other keywords where it names none. */
export function typesOf(schema: Merged): readonly string[] {
  const { type } = schema
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return type as string[]
  if (
    isNode(schema['properties']) ||
    'required' in schema ||
    'minProperties' in schema ||
    'additionalProperties' in schema ||
    'patternProperties' in schema ||
    'propertyNames' in schema ||
    'dependentRequired' in schema
  )
    return ['object']
  if ('items' in schema || 'prefixItems' in schema || 'minItems' in schema || 'contains' in schema) return ['array']
  if (
    'minimum' in schema ||
    'maximum' in schema ||
    'multipleOf' in schema ||
    'exclusiveMinimum' in schema ||
    'exclusiveMaximum' in schema
  )
    return ['number']
  return ['string']
}
