import { type Random, randomInt } from '../core/random.ts'
import { type Direction } from './dialect.ts'
import { createHeights } from './heights.ts'
import { type Merged, includes, mergeInto, typesOf } from './merge.ts'
import { type ApiDocument, type Schema, isNode, isSchema } from './model.ts'
import { documentBase } from './references.ts'
import { sampleNumber } from './sample-number.ts'
import { sampleText } from './sample-text.ts'

export interface SamplerOptions {
  readonly document: ApiDocument
  readonly random: Random
  readonly direction: Direction
  /** Whether `example`, `examples` and `default` of schemas are used where they stand. */
  readonly useExamples: boolean
  /** How many of the properties are made that need not be. */
  readonly optional: 'most' | 'some' | 'none'
}

/** Below this depth only what is required is made. */
const richDepth = 4

/** Nothing is made below this depth, whatever is required. */
const maxDepth = 40

/** Makes values for schemas; whether they fit is for the caller to check. */
export function createSampler(options: SamplerOptions): (schema: Schema) => unknown {
  const { document, random, direction, useExamples, optional } = options
  const { references } = document
  const isOpenapi30 = document.openapi === '3.0'
  const heightOf = createHeights(document)

  /** Works references and one branch of each union into one set of demands. */
  function merge(schema: Schema, base: string, merged: Merged, depth: number): void {
    if (!isNode(schema) || depth > 50) return
    const inside = references.baseIn(schema, base)
    if (typeof schema['$ref'] === 'string') {
      const target = references.target(schema['$ref'], inside)
      merge(target.value as Schema, target.base, merged, depth + 1)
      if (isOpenapi30) return
    }
    const { allOf, anyOf, oneOf, $ref: _, discriminator, ...own } = schema
    mergeInto(merged, own)
    if (Array.isArray(allOf)) for (const part of allOf) merge(part as Schema, inside, merged, depth + 1)
    for (const union of [anyOf, oneOf]) {
      if (!Array.isArray(union) || union.length === 0) continue
      const branch = pick(union as Schema[], merged)
      merge(branch, inside, merged, depth + 1)
      if (isNode(discriminator)) tag(merged, discriminator, branch)
    }
  }

  /** One of the lowest branches that the demands so far leave room for. */
  function pick(union: readonly Schema[], merged: Merged): Schema {
    const fitting = union.filter((branch) => leavesRoom(branch, merged))
    const candidates = fitting.length > 0 ? fitting : union
    const heights = candidates.map((branch) => heightOf(branch))
    const least = Math.min(...heights)
    const lowest = candidates.filter((_, i) => heights[i] === least)
    return lowest[randomInt(random, lowest.length)] as Schema
  }

  /** Whether the plain demands of a branch do not contradict those so far. */
  function leavesRoom(branch: Schema, merged: Merged): boolean {
    const node = references.follow(branch)
    if (!isNode(node)) return branch !== false
    const [ours, theirs] = [valuesOf(merged), valuesOf(node)]
    if (ours !== undefined && theirs !== undefined && !theirs.some((value) => includes(ours, value))) return false
    if (merged['type'] === undefined || node['type'] === undefined) return true
    const types = typesOf(merged)
    return typesOf({ ...node }).some((type) => types.includes(type) || (type === 'integer' && types.includes('number')))
  }

  /** Puts the value that names the branch where the discriminator looks for it. */
  function tag(merged: Merged, discriminator: Readonly<Record<string, unknown>>, branch: Schema): void {
    const { propertyName, mapping } = discriminator
    const reference = isNode(branch) ? branch['$ref'] : undefined
    if (typeof propertyName !== 'string' || typeof reference !== 'string') return
    const last = reference.split('/').at(-1) as string
    const mapped = isNode(mapping)
      ? Object.entries(mapping).find(([, named]) => named === reference || named === last)?.[0]
      : undefined
    const properties = isNode(merged['properties']) ? merged['properties'] : {}
    const known = references.follow(properties[propertyName])
    if (isNode(known) && ('enum' in known || 'const' in known) && mapped === undefined) return
    merged['properties'] = { ...properties, [propertyName]: { const: mapped ?? last } }
    merged['required'] = [...new Set([...((merged['required'] as string[] | undefined) ?? []), propertyName])]
  }

  function make(schema: Schema, depth: number): unknown {
    if (schema === false || depth > maxDepth) return null
    if (schema === true) return {}
    const merged: Merged = {}
    merge(schema, documentBase, merged, 0)
    if (useExamples) {
      const example = exampleIn(merged)
      if (example !== undefined) return example
    }
    if ('const' in merged) return merged['const']
    const types = typesOf(merged)
    const { enum: values } = merged
    if (Array.isArray(values) && values.length > 0) {
      const real = values.filter((value) => value !== null && value !== '')
      return real.length > 0 ? real[randomInt(random, real.length)] : (values[0] as unknown)
    }
    const type = types.find((name) => name !== 'null') ?? 'null'
    const canBeNull = types.includes('null') || merged['nullable'] === true
    if (canBeNull && heightOf(schema) > maxDepth - depth) return null
    switch (type) {
      case 'object':
        return makeObject(merged, depth)
      case 'array':
        return makeList(merged, depth)
      case 'string':
        return sampleText(merged, random)
      case 'integer':
      case 'number':
        return sampleNumber(merged, type, random)
      case 'boolean':
        return random() < 0.5
      default:
        return null
    }
  }

  function makeObject(merged: Merged, depth: number): Record<string, unknown> {
    const properties = isNode(merged['properties']) ? merged['properties'] : {}
    const required = new Set((merged['required'] as string[] | undefined) ?? [])
    const maxProperties = typeof merged['maxProperties'] === 'number' ? merged['maxProperties'] : Infinity
    const result: Record<string, unknown> = {}
    for (const name of Object.keys(properties)) {
      const property = properties[name]
      if (!isSchema(property) || property === false || isOfOtherSide(property)) continue
      if (!required.has(name) && !isWanted(property, depth, required.size, Object.keys(result).length, maxProperties))
        continue
      define(result, name, make(property, depth + 1))
    }
    for (const name of required)
      if (!Object.hasOwn(result, name) && !isOneSided(properties[name])) define(result, name, makeExtra(merged, depth))
    if (isNode(merged['dependentRequired']))
      for (const [name, others] of Object.entries(merged['dependentRequired']))
        if (Object.hasOwn(result, name))
          for (const other of others as string[])
            if (!Object.hasOwn(result, other))
              define(result, other, make((properties[other] as Schema | undefined) ?? true, depth + 1))
    fillUp(result, merged, depth)
    return result
  }

  function isWanted(property: Schema, depth: number, required: number, made: number, maxProperties: number): boolean {
    if (optional === 'none' || depth >= richDepth || Math.max(made, required) >= maxProperties) return false
    if (isNode(property) && property['deprecated'] === true) return false
    return heightOf(property) <= richDepth - depth && (optional === 'most' || random() < 0.5)
  }

  function isOneSided(property: unknown): boolean {
    return isSchema(property) && isOfOtherSide(property)
  }

  function isOfOtherSide(property: Schema): boolean {
    const node = references.follow(property)
    return isNode(node) && node[direction === 'request' ? 'readOnly' : 'writeOnly'] === true
  }

  function makeExtra(merged: Merged, depth: number): unknown {
    const { additionalProperties } = merged
    return make(
      isSchema(additionalProperties) && additionalProperties !== false ? additionalProperties : { type: 'string' },
      depth + 1,
    )
  }

  function fillUp(result: Record<string, unknown>, merged: Merged, depth: number): void {
    const { minProperties, propertyNames, patternProperties } = merged
    if (typeof minProperties !== 'number') return
    const [pattern, schema] = isNode(patternProperties) ? (Object.entries(patternProperties)[0] ?? []) : []
    const names: Schema =
      pattern === undefined
        ? isSchema(propertyNames)
          ? propertyNames
          : { type: 'string' }
        : { type: 'string', pattern }
    for (let tries = 0; Object.keys(result).length < minProperties && tries < 10 * minProperties; tries++)
      define(
        result,
        make(names, depth + 1) as string,
        schema === undefined ? makeExtra(merged, depth) : make(schema as Schema, depth + 1),
      )
  }

  function makeList(merged: Merged, depth: number): unknown[] {
    const {
      items,
      minItems = 0,
      maxItems = Infinity,
      prefixItems,
      contains,
      uniqueItems,
    } = merged as {
      items?: Schema
      minItems?: number
      maxItems?: number
      prefixItems?: Schema[]
      contains?: Schema
      uniqueItems?: boolean
    }
    const list: unknown[] = (prefixItems ?? []).slice(0, maxItems).map((item) => make(item, depth + 1))
    if (contains !== undefined) {
      const wanted = typeof merged['minContains'] === 'number' ? merged['minContains'] : 1
      for (let i = 0; i < wanted; i++) list.push(make(contains, depth + 1))
    }
    const item = items ?? {}
    const isLow = item !== false && depth < richDepth && heightOf(item) <= richDepth - depth
    const length = Math.min(Math.max(minItems, isLow && optional !== 'none' ? 1 : 0), maxItems)
    for (let tries = 0; list.length < length && tries < 20 * length; tries++) {
      const made = make(item, depth + 1)
      if (uniqueItems !== true || !list.some((other) => JSON.stringify(other) === JSON.stringify(made))) list.push(made)
    }
    return list
  }

  return (schema) => make(schema, 0)
}

/** The values that a schema allows, where it counts them up. */
function valuesOf(schema: Merged): readonly unknown[] | undefined {
  if ('const' in schema) return [schema['const']]
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined
}

function exampleIn(merged: Merged): unknown {
  if (merged['example'] !== undefined) return merged['example']
  if (Array.isArray(merged['examples']) && merged['examples'].length > 0) return merged['examples'][0] as unknown
  return merged['default'] === null ? undefined : merged['default']
}

/** Sets a property whatever its name is. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true })
}
