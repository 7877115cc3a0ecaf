import { type Coercer } from './coerce.ts'
import { type FormValue, pathOfName } from './form.ts'
import { type Parameter, type Schema, isNode } from './model.ts'
import { childOf } from './pointer.ts'
import { type ReferenceTable } from './references.ts'

/** What reading a parameter gave: `undefined` when the request does not carry it. */
export type Reading = { readonly value: unknown } | { readonly syntaxError: string } | undefined

const separators: Readonly<Record<string, string>> = { form: ',', simple: ',', spaceDelimited: ' ', pipeDelimited: '|' }

/** Reads one parameter out of text, as its style says (OpenAPI 3.1 section 4.8.12.2), and gives it its type. */
export function readText(parameter: Parameter, text: string, { coerce, references }: Reader): Reading {
  const { contentType, schema, style, explode } = parameter
  if (contentType !== undefined) return readContent(text, contentType)
  if (schema === undefined) return { value: text }
  const kind = kindOf(schema, references)
  if (kind === 'text') return { value: coerce(text, schema) }
  const separator = separators[style] ?? ','
  const parts = text === '' ? [] : text.split(separator)
  if (kind === 'list') return { value: coerce(parts, schema) }
  const pairs: Record<string, FormValue> = {}
  if (explode) for (const part of parts) pairs[part.split('=', 1)[0] as string] = part.slice(part.indexOf('=') + 1)
  else for (let i = 0; i + 1 < parts.length; i += 2) pairs[parts[i] as string] = parts[i + 1] as string
  return { value: coerce(pairs, schema) }
}

export interface Reader {
  readonly coerce: Coercer
  readonly references: ReferenceTable
}

/** Reads one query parameter out of the parsed query. */
export function readQuery(parameter: Parameter, query: Readonly<Record<string, FormValue>>, reader: Reader): Reading {
  const { name, style, explode, schema, contentType } = parameter
  const found = lookUp(query, name)
  const kind = schema === undefined || contentType !== undefined ? 'text' : kindOf(schema, reader.references)

  if (style === 'form' && explode && kind === 'object' && found === undefined)
    return readSpread(query, parameter, reader)
  if (found === undefined) return undefined
  if (typeof found === 'string') {
    if (style === 'deepObject') return { value: schema === undefined ? found : reader.coerce(found, schema) }
    if (explode && kind === 'list') return { value: reader.coerce([found], schema as Schema) }
    return readText(parameter, found, reader)
  }
  return { value: schema === undefined ? found : reader.coerce(found, schema) }
}

/** The name as it is, then as the way through brackets that the query was read by (`filter[name]`, `ids[]`). */
function lookUp(query: Readonly<Record<string, FormValue>>, name: string): FormValue | undefined {
  if (Object.hasOwn(query, name)) return query[name]
  if (!name.includes('[')) return undefined
  let at: unknown = query
  for (const key of pathOfName(name)) at = key === '' && Array.isArray(at) ? at : childOf(at, key)
  return at as FormValue | undefined
}

/** An exploded object of style form lies open in the query, each property a parameter. */
function readSpread(query: Readonly<Record<string, FormValue>>, { schema }: Parameter, reader: Reader): Reading {
  const node = reader.references.follow(schema)
  const properties = isNode(node) && isNode(node['properties']) ? node['properties'] : {}
  const spread: Record<string, FormValue> = {}
  for (const key in properties) if (Object.hasOwn(query, key)) spread[key] = query[key] as FormValue
  return Object.keys(spread).length === 0 ? undefined : { value: reader.coerce(spread, schema as Schema) }
}

function readContent(text: string, contentType: string): Reading {
  if (!/[/+]json\b/.test(contentType)) return { value: text }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { syntaxError: 'is not JSON' }
  }
}

const kinds = new WeakMap<object, 'text' | 'list' | 'object'>()

/** What a parameter's schema describes above all; a union that also takes text is read as text. */
export function kindOf(schema: Schema, references: ReferenceTable): 'text' | 'list' | 'object' {
  if (!isNode(schema)) return 'text'
  let kind = kinds.get(schema)
  if (kind === undefined) {
    kind = findKind(schema, references, 0)
    kinds.set(schema, kind)
  }
  return kind
}

function findKind(schema: unknown, references: ReferenceTable, depth: number): 'text' | 'list' | 'object' {
  const node = references.follow(schema)
  if (!isNode(node) || depth > 8) return 'text'
  const { type } = node
  const types = Array.isArray(type) ? type.filter((name) => name !== 'null') : type === undefined ? [] : [type]
  if (types.length === 1) return types[0] === 'array' ? 'list' : types[0] === 'object' ? 'object' : 'text'
  if (types.length > 1) return 'text'
  if ('properties' in node) return 'object'
  if ('items' in node) return 'list'
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (Array.isArray(node[key]) ? (node[key] as unknown[]) : []))
  const found = new Set(parts.map((part) => findKind(part, references, depth + 1)))
  return found.size === 1 ? ([...found][0] as 'text' | 'list' | 'object') : 'text'
}
