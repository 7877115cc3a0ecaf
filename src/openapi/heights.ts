import { type ApiDocument, type Schema, isNode } from './model.ts'
import { documentBase } from './references.ts'

/** How deep the least value of a schema must nest: 0 for a text, Infinity where it can never end. */
export type Heights = (schema: Schema) => number

const ofDocument = new WeakMap<ApiDocument, Heights>()

/** Measures schemas of a document, each once; cycles count as endless unless something breaks them. */
export function createHeights(document: ApiDocument): Heights {
  const existing = ofDocument.get(document)
  if (existing !== undefined) return existing
  const { references } = document
  const known = new WeakMap<object, number>()
  const open = new Set<object>()
  let cut = false // a cycle was met on the way, so that heights depend on where the walk began

  function heightOf(schema: unknown, base: string): number {
    if (!isNode(schema)) return schema === false ? Infinity : 0
    const measured = known.get(schema)
    if (measured !== undefined) return measured
    if (open.has(schema)) {
      cut = true
      return Infinity
    }
    open.add(schema)
    const isOutermost = open.size === 1
    if (isOutermost) cut = false
    const height = measure(schema, references.baseIn(schema, base))
    open.delete(schema)
    if (isOutermost || !cut || height === 0) known.set(schema, height)
    return height
  }

  function measure(schema: Readonly<Record<string, unknown>>, base: string): number {
    let height = 0
    if (typeof schema['$ref'] === 'string') {
      const target = references.target(schema['$ref'], base)
      height = heightOf(target.value, target.base)
    }
    if (schema['nullable'] === true || [schema['type']].flat().includes('null')) return 0
    const { allOf, anyOf, oneOf, properties, required, items, minItems, prefixItems, additionalProperties } = schema
    const all = (list: unknown) => (Array.isArray(list) ? list.map((item) => heightOf(item, base)) : [])
    height = Math.max(height, ...all(allOf))
    for (const union of [anyOf, oneOf])
      if (Array.isArray(union) && union.length > 0) height = Math.max(height, Math.min(...all(union)))
    if (isNode(properties) && Array.isArray(required)) {
      for (const name of required as string[])
        if (Object.hasOwn(properties, name)) height = Math.max(height, 1 + heightOf(properties[name], base))
    }
    if (isNode(properties) || additionalProperties !== undefined || schema['type'] === 'object')
      height = Math.max(height, 1)
    if (typeof minItems === 'number' && minItems > 0 && items !== undefined)
      height = Math.max(height, 1 + heightOf(items, base))
    if (Array.isArray(prefixItems)) height = Math.max(height, 1 + Math.max(0, ...all(prefixItems)))
    return height
  }

  const heights: Heights = (schema) => heightOf(schema, documentBase)
  ofDocument.set(document, heights)
  return heights
}
