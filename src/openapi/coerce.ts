import { type FormValue, isRepeatedName } from './form.ts'
import { type Schema, isNode, isSchema } from './model.ts'
import { type ReferenceTable } from './references.ts'

/** A schema without composition: one of the shapes that a value may take. */
interface Shape {
  readonly types: readonly string[]
  readonly values: readonly unknown[] | undefined
  readonly minLength: number
  readonly properties: Readonly<Record<string, unknown>> | undefined
  readonly items: unknown
  readonly additional: unknown
}

/** Gives texts the types that a schema asks for. What fits nothing stays text, for the validator to refuse. */
export interface Coercer {
  (value: FormValue, schema: Schema): unknown
}

/** Makes the coercer of a document; what it learns of a schema it keeps. */
export function createCoercer(references: ReferenceTable): Coercer {
  const known = new WeakMap<object, readonly Shape[]>()

  function shapesOf(schema: unknown): readonly Shape[] {
    if (!isNode(schema)) return []
    let shapes = known.get(schema)
    if (shapes === undefined) {
      const found: Shape[] = []
      collect(schema, found, new Set())
      shapes = found
      known.set(schema, shapes)
    }
    return shapes
  }

  function collect(schema: unknown, found: Shape[], seen: Set<unknown>): void {
    const node = references.follow(schema)
    if (!isNode(node) || seen.has(node)) return
    seen.add(node)
    let isComposed = false
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      const parts = node[keyword]
      if (!Array.isArray(parts)) continue
      isComposed = true
      for (const part of parts) collect(part, found, seen)
    }
    if (!isComposed || 'properties' in node || 'type' in node || 'additionalProperties' in node)
      found.push(shapeOf(node))
  }

  function coerce(value: FormValue, shapes: readonly Shape[]): unknown {
    if (typeof value === 'string') return coerceText(value, shapes)
    if (Array.isArray(value)) return coerceList(value, shapes)
    if (shapes.some(takesObject)) return coerceObject(value, shapes)
    const keys = Object.keys(value)
    if (shapes.some(takesList) && keys.every((key) => /^\d+$/.test(key)))
      return coerceList(Object.values(value), shapes)
    return coerceObject(value, shapes)
  }

  function coerceList(list: FormValue[], shapes: readonly Shape[]): unknown {
    if (shapes.some(takesList)) {
      const items = shapes.filter(takesList).flatMap((shape) => shapesOf(shape.items))
      return list.map((item) => coerce(item, items))
    }
    if (shapes.some(takesObject)) return coerceObject(Object.fromEntries(list.entries()), shapes)
    const last = list.at(-1)
    return shapes.length > 0 && last !== undefined && isRepeatedName(list)
      ? coerce(last, shapes)
      : list.map((item) => coerce(item, []))
  }

  function coerceObject(value: Record<string, FormValue>, shapes: readonly Shape[]): unknown {
    const result: Record<string, unknown> = {}
    for (const key in value) result[key] = coerce(value[key] as FormValue, propertyShapes(shapes, key))
    return result
  }

  function propertyShapes(shapes: readonly Shape[], key: string): readonly Shape[] {
    let found: readonly Shape[] | undefined
    for (const { properties } of shapes) {
      if (properties === undefined || !Object.hasOwn(properties, key)) continue
      const more = shapesOf(properties[key])
      found = found === undefined ? more : [...found, ...more]
    }
    return found ?? shapes.flatMap(({ additional }) => (isSchema(additional) ? shapesOf(additional) : []))
  }

  return (value, schema) => coerce(value, shapesOf(schema))
}

function shapeOf(node: Readonly<Record<string, unknown>>): Shape {
  const { type, properties, items, additionalProperties, minLength } = node
  const values = Array.isArray(node['enum'])
    ? (node['enum'] as unknown[])
    : 'const' in node
      ? [node['const']]
      : undefined
  const stated = Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : []
  const implied = isNode(properties) || isNode(additionalProperties) ? ['object'] : items === undefined ? [] : ['array']
  const types = stated.length > 0 ? stated : implied
  return {
    types: node['nullable'] === true && types.length > 0 ? [...types, 'null'] : types,
    values,
    minLength: typeof minLength === 'number' ? minLength : 0,
    properties: isNode(properties) ? properties : undefined,
    items,
    additional: additionalProperties,
  }
}

const takesObject = ({ types }: Shape) => types.includes('object')
const takesList = ({ types }: Shape) => types.includes('array')

function coerceText(text: string, shapes: readonly Shape[]): unknown {
  if (text === '') return coerceEmpty(shapes)
  for (const { values } of shapes) if (values?.includes(text)) return text
  for (const { types, values } of shapes) {
    for (const type of types) {
      const typed = readAs(type, text)
      if (typed !== undefined) return typed
    }
    if (types.length === 0 && values?.includes(Number(text))) return Number(text)
  }
  return text
}

/** Empty text is how forms unset a value: it stays text where text may be empty, else it is null where null may stand. */
function coerceEmpty(shapes: readonly Shape[]): unknown {
  const staysText = shapes.some(({ types, values, minLength }) =>
    values === undefined ? types.includes('string') && minLength === 0 : values.includes(''),
  )
  return !staysText && shapes.some(({ types }) => types.includes('null')) ? null : ''
}

function readAs(type: string, text: string): unknown {
  switch (type) {
    case 'string':
      return text
    case 'integer':
      return /^[+-]?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? Number(text)
        : undefined
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    default:
      return undefined
  }
}
