import { bodyKind, mediaTypeOf } from '../openapi/bodies.ts'
import { type Match, type Node, isNode } from '../openapi/model.ts'
import { fromState, Given, type ProviderState, redacted } from './given.ts'
import { isReference, type KnownObjects, type Place, pathTo } from './objects.ts'
import { step } from './promise.ts'
import { isSecret, looksSecret } from './secrets.ts'
import { jsonOf, type UsedExchange } from './usage.ts'

/** The request of an interaction, without secrets, and what it needs to be made again. */
export interface Asked {
  readonly request: Node
  readonly states: readonly ProviderState[]
  /** What the consumer said: the names of parameters and of the body's fields. */
  readonly names: readonly string[]
  /** Whether the body is of a kind that a Pact file cannot show. */
  readonly lacksBody: boolean
}

/** Turns a recorded request into one that can be made again, against a provider that has other ids and secrets. */
export function ask(exchange: UsedExchange, match: Match | undefined, known: KnownObjects): Asked {
  const { method, requestType, requestBody } = exchange
  const given = new Given()
  const path = askPath(exchange, match, given)
  const query = askFields(new URLSearchParams(exchange.query), known, given, (name) => name)
  const kind = bodyKind(mediaTypeOf(requestType))
  const json = kind === 'json' ? jsonOf(requestBody) : undefined
  const form = kind === 'form' ? askFields(new URLSearchParams(requestBody), known, given, pathOfField) : undefined
  const body =
    form !== undefined
      ? { value: String(new URLSearchParams(form.fields)), generators: form.generators, names: form.names }
      : json === undefined
        ? undefined
        : askJson(json, known, given)
  const generators = {
    ...(path.generator === undefined ? {} : { path: path.generator }),
    ...(isEmpty(query.generators) ? {} : { query: query.generators }),
    ...(body === undefined || isEmpty(body.generators) ? {} : { body: body.generators }),
  }
  const lacksBody = requestBody !== '' && body === undefined
  const contentType = mediaTypeOf(requestType)
  return {
    request: {
      method,
      path: path.path,
      ...(query.fields.length === 0 ? {} : { query: listed(query.fields) }),
      ...(requestBody === '' || body === undefined
        ? {}
        : {
            headers: { 'content-type': [contentType] },
            body: { content: body.value, contentType, encoded: false },
          }),
      ...(isEmpty(generators) ? {} : { generators }),
    },
    states: given.states,
    names: [...new Set([...query.names, ...(requestBody === '' ? [] : (body?.names ?? []))])].toSorted(),
    lacksBody,
  }
}

interface Fields {
  readonly fields: [string, string][]
  readonly generators: Record<string, Node>
  readonly names: readonly string[]
}

/** The path, whose ids the provider may replace. What is not there, or is made by this, is not asked for. */
function askPath({ method, path, status }: UsedExchange, match: Match | undefined, given: Given) {
  const segments = path.split('/').map((segment) => (looksSecret(decoded(segment)) ? redacted : segment))
  const plain = { path: segments.join('/'), generator: undefined }
  const params = Object.entries(match?.params ?? {})
  const last = params.at(-1)
  if (match === undefined || last === undefined || status === 404 || (method === 'PUT' && status === 201)) return plain
  const { template } = match.operation
  const place: Place = { template: pathTo(last[0], template), parameter: last[0], params: Object.fromEntries(params) }
  given.object(place)
  const base = segments.slice(0, segments.length - template.split('/').length + 1).join('/')
  return { ...plain, generator: fromState(base + template.replaceAll(/\{([^{}]*)\}/g, '$${$1}')) }
}

/** Fields of a query or a form. One that is repeated keeps its values, since Pact names fields, not their places. */
function askFields(from: URLSearchParams, known: KnownObjects, given: Given, pathOf: (name: string) => string): Fields {
  const generators: Record<string, Node> = {}
  const fields = [...from].map(([name, value]) => {
    const isAlone = from.getAll(name).length === 1
    const { shown, generator } = askValue(name, value, known, given)
    if (generator !== undefined && isAlone && !name.includes("'")) generators[pathOf(name)] = generator
    return [name, String(shown)] as [string, string]
  })
  return { fields, generators, names: fields.map(([name]) => topOf(name)) }
}

function askJson(json: unknown, known: KnownObjects, given: Given) {
  const generators: Record<string, Node> = {}
  const walk = (value: unknown, name: string, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => walk(item, name, `${path}[${i}]`))
    if (isNode(value)) {
      const entries = Object.entries(value).map(([key, child]) => {
        return [key, walk(child, name === '' ? key : `${name}[${key}]`, path + step(key))]
      })
      return Object.fromEntries(entries)
    }
    const { shown, generator } = askValue(name, value, known, given)
    if (generator !== undefined && !name.includes("'")) generators[path] = generator
    return shown
  }
  const value = walk(json, '', '$')
  return { value, generators, names: isNode(json) ? Object.keys(json) : [] }
}

/** A value as it may be written, and where it comes from when the request is made again. */
function askValue(
  name: string,
  value: unknown,
  known: KnownObjects,
  given: Given,
): { readonly shown: unknown; readonly generator?: Node } {
  if (value === null || typeof value === 'boolean') return { shown: value }
  if (isReference(value, known)) {
    const place = known.get(value) as Place
    const shown = looksSecret(value) ? redacted : value
    return given.object(place) ? { shown, generator: fromState(`\${${place.parameter}}`) } : { shown }
  }
  return isSecret(name, value)
    ? { shown: redacted, generator: fromState(`\${${given.secret(name)}}`) }
    : { shown: value }
}

const pathOfField = (name: string): string => `$${step(name)}`

const topOf = (name: string): string => name.split('[', 1)[0] as string

/** The values of each name, by a map: a name may be one that every object has, such as `constructor`. */
function listed(fields: Fields['fields']): Record<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value])
  return Object.fromEntries(values)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function isEmpty(node: Node): boolean {
  return Object.keys(node).length === 0
}
