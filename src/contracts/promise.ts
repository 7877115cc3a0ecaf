import { type Merged } from '../openapi/merge.ts'
import { type ApiDocument, type Node, type Schema, isNode } from '../openapi/model.ts'
import { looksSecret } from './secrets.ts'
import { fits, isNullable, shapeOf } from './shape.ts'

/** An example cut down to what is promised, with Pact's rule for each value in it. */
export interface Promised {
  readonly value: unknown
  readonly rules: Readonly<Record<string, Node>>
}

export interface PromiseOptions {
  readonly document: ApiDocument
  /** Whether a text may be written as it is, such as the id of an object. Every other text is replaced. */
  readonly keeps: (text: string) => boolean
  /** Names the schema of an object about which the document says no more than that it is one. */
  readonly kindOf: (value: Node) => unknown
}

/**
 * The part of an example that its schema promises. Of its texts only those are written that the schema
 * itself lists and those that `keeps` allows: the rules ask for types, so nothing is lost, and no
 * secret of an answer can get into a file.
 */
export function promise(example: unknown, schema: Schema | undefined, options: PromiseOptions): Promised {
  const { document, keeps, kindOf } = options
  const rules: Record<string, Node> = {}
  const rule = (path: string, ...matchers: Node[]) =>
    (rules[path] = { combine: matchers.length > 1 ? 'OR' : 'AND', matchers })

  function walk(value: unknown, schema: Schema | undefined, path: string): unknown {
    const shape = shapeOf(schema, value, document)
    if (Array.isArray(value)) {
      rule(path, type)
      return value.slice(0, 1).map((item) => walk(item, shape?.['items'] as Schema | undefined, `${path}[*]`))
    }
    if (isNode(value)) {
      if (path !== '$') rule(path, type)
      const { shape: full, isKnown } = objectShape(value, schema, shape)
      const properties = (full?.['properties'] ?? {}) as Readonly<Record<string, Schema>>
      const names = isKnown ? ((full?.['required'] ?? []) as readonly string[]) : Object.keys(value)
      const asked = Object.keys(value).filter((name) => names.includes(name) && canBeAsked(name))
      return Object.fromEntries(asked.map((name) => [name, walk(value[name], properties[name], path + step(name))]))
    }
    const matchers = matchersOf(value, shape)
    if (matchers.length > 0) rule(path, ...matchers)
    return typeof value === 'string' ? wordFor(value, shape, keeps) : masked(value)
  }

  /** The schema of an object; a vague one is looked up by the kind that the object names. */
  function objectShape(value: Node, schema: Schema | undefined, shape: Merged | undefined) {
    if (shape?.['properties'] !== undefined || shape?.['required'] !== undefined) return { shape, isKnown: true }
    const kind = kindOf(value)
    const named = typeof kind === 'string' ? document.schema(kind) : undefined
    if (named !== undefined && fits(named, value, document))
      return { shape: shapeOf(named, value, document), isKnown: true }
    return { shape, isKnown: isNode(schema) && shape !== undefined }
  }

  return { value: walk(example, schema, '$'), rules }
}

const type: Node = { match: 'type' }
const orNull: Node = { match: 'null' }
/** Takes everything: the value must only be there. */
const anything: Node = { match: 'include', value: '' }

function matchersOf(value: unknown, shape: Merged | undefined): Node[] {
  if (shape === undefined) return [value === null ? orNull : typeMatcher(value)]
  const rest = value === null ? matcherOfShape(shape) : listMatcher(shape, value)
  if (value === null) return rest === undefined ? [anything] : [orNull, rest]
  const matcher = rest ?? (shape['type'] === 'integer' ? { match: 'integer' } : typeMatcher(value))
  return isNullable(shape) ? [orNull, matcher] : [matcher]
}

/** What a value is when it is not null; undefined where that cannot be told apart from anything else. */
function matcherOfShape(shape: Merged): Node | undefined {
  const types = [shape['type']].flat().filter((name) => name !== 'null')
  if (types.length !== 1) return undefined
  switch (types[0]) {
    case 'string':
      return listMatcher(shape, '') ?? { match: 'regex', regex: '[\\s\\S]*' }
    case 'integer':
    case 'number':
    case 'boolean':
      return { match: types[0] }
    default:
      return undefined
  }
}

/** One of the texts that a schema lists. */
function listMatcher(shape: Merged, value: unknown): Node | undefined {
  const texts = textsOf(shape)
  if (typeof value !== 'string' || texts === undefined) return undefined
  return { match: 'regex', regex: `^(${texts.map(escaped).join('|')})$` }
}

function textsOf(shape: Merged | undefined): string[] | undefined {
  const listed = shape?.['const'] === undefined ? shape?.['enum'] : [shape['const']]
  return Array.isArray(listed) ? listed.filter((item) => typeof item === 'string') : undefined
}

function typeMatcher(value: unknown): Node {
  return { match: typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'type' }
}

/** What stands in the file for a text of the provider. */
function wordFor(text: string, shape: Merged | undefined, keeps: (text: string) => boolean): string {
  if (textsOf(shape)?.includes(text) === true || (keeps(text) && !looksSecret(text))) return text
  return standIns[String(shape?.['format'])] ?? 'text'
}

const standIns: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  email: 'somebody@example.test',
  uri: 'https://example.test/',
  uuid: '00000000-0000-4000-8000-000000000000',
}

function masked(value: unknown): unknown {
  return typeof value === 'number' && looksSecret(String(value)) ? 0 : value
}

/** Pact's paths cannot write a quote, and a name that is a secret must not be written. */
function canBeAsked(name: string): boolean {
  return !name.includes("'") && !looksSecret(name)
}

/** One step of a JSON path as Pact writes it. */
export function step(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `['${name}']`
}

/** Unlike `RegExp.escape`, leaves letters readable. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
