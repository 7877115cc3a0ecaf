import { type ApiDocument, isNode, type Node, type Schema } from '../openapi/model.ts'
import { type Usage, type UsedExchange, type UsedMessage } from './usage.ts'

/** A Pact file, version 4 of the specification, as it is written to disk. */
export interface Pact {
  readonly consumer: { readonly name: string }
  readonly provider: { readonly name: string }
  readonly interactions: readonly Node[]
  readonly metadata: { readonly pactSpecification: { readonly version: '4.0' } }
}

export interface PactOptions {
  readonly consumer: string
  readonly provider: string
  readonly usage: Usage
  /** Tells types, enum values and what is required; without a schema the recorded types are taken. */
  readonly document: ApiDocument
  /** What must be true at the provider before an exchange, by its description. @default nothing */
  readonly statesOf?: (exchange: UsedExchange) => readonly { readonly name: string; readonly params?: Node }[]
}

/**
 * Writes what a consumer used as a contract: each distinct exchange and event once, asking only for
 * what the document promises (required fields, types, enum values), so that a provider that adds
 * something breaks nothing.
 *
 * Source: the Pact specification, version 4 (github.com/pact-foundation/pact-specification, read 2026-11-21).
 */
export function pactFile(options: PactOptions): Pact {
  const { consumer, provider, usage, document, statesOf = () => [] } = options
  const http = distinct(usage.exchanges.map((exchange) => httpInteraction(exchange, document, statesOf(exchange))))
  const messages = distinct(usage.messages.map((message) => messageInteraction(message, document)))
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: [...http, ...messages],
    metadata: { pactSpecification: { version: '4.0' } },
  }
}

/** The first interaction of each description. */
function distinct(interactions: readonly Node[]): Node[] {
  return [
    ...new Map(interactions.toReversed().map((interaction) => [interaction['description'], interaction])).values(),
  ].toReversed()
}

function httpInteraction(exchange: UsedExchange, document: ApiDocument, states: readonly Node[]): Node {
  const { method, path, query, requestType, requestBody, status, responseType, responseBody } = exchange
  const match = document.match(method, path)
  const declared = match?.operation.responses[status] ?? match?.operation.responses['default']
  const content = declared?.content['application/json']
  const promised = promise(JSON.parse(responseBody), (content?.['schema'] ?? true) as Schema, document)
  return {
    type: 'Synchronous/HTTP',
    description: `${match?.operation.name ?? `${method} ${path}`} answers ${status}`,
    pending: false,
    ...(states.length === 0 ? {} : { providerStates: states }),
    request: {
      method,
      path,
      ...(query === '' ? {} : { query: queryOf(query) }),
      ...(requestBody === ''
        ? {}
        : {
            headers: { 'content-type': [requestType ?? 'application/octet-stream'] },
            body: body(requestBody, requestType ?? 'application/octet-stream'),
          }),
    },
    response: {
      status,
      headers: { 'content-type': [responseType ?? 'application/json'] },
      body: body(promised.value, 'application/json'),
      matchingRules: { body: promised.rules },
    },
  }
}

function messageInteraction({ type, body: text }: UsedMessage, document: ApiDocument): Node {
  const schema = document.schema('#/components/schemas/event') ?? true
  const promised = promise(JSON.parse(text), schema, document)
  return {
    type: 'Asynchronous/Messages',
    description: type,
    pending: false,
    contents: body(promised.value, 'application/json'),
    metadata: { contentType: 'application/json' },
    matchingRules: { body: { ...promised.rules, '$.type': { combine: 'AND', matchers: [{ match: 'equality' }] } } },
  }
}

function body(content: unknown, contentType: string): Node {
  return { content, contentType, encoded: false }
}

function queryOf(query: string): Node {
  const values: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(query)) (values[name] ??= []).push(value)
  return values
}

interface Promised {
  readonly value: unknown
  readonly rules: Readonly<Record<string, Node>>
}

/** The part of an example that its schema promises, with a rule for each value in it. */
function promise(example: unknown, schema: Schema, document: ApiDocument): Promised {
  const rules: Record<string, Node> = {}
  const rule = (path: string, matcher: Node) => (rules[path] = { combine: 'AND', matchers: [matcher] })

  function walk(value: unknown, node: Schema | undefined, path: string): unknown {
    const shape = shapeOf(node, value, document)
    if (Array.isArray(value)) {
      rule(path, { match: 'type' })
      const items = shape?.['items'] as Schema | undefined
      return value.slice(0, 1).map((item) => walk(item, items, `${path}[*]`))
    }
    if (isNode(value)) {
      const properties = (shape?.['properties'] ?? {}) as Readonly<Record<string, Schema>>
      const required =
        shape?.['properties'] === undefined ? Object.keys(value) : ((shape['required'] ?? []) as readonly string[])
      const kept = Object.keys(value).filter((name) => required.includes(name))
      return Object.fromEntries(kept.map((name) => [name, walk(value[name], properties[name], `${path}${step(name)}`)]))
    }
    rule(path, matcherOf(value, shape))
    return value
  }

  return { value: walk(example, schema, '$'), rules }
}

/** The schema that speaks about this value: references followed, the fitting branch of a choice taken. */
function shapeOf(schema: Schema | undefined, value: unknown, document: ApiDocument): Node | undefined {
  let at = schema
  for (let depth = 0; depth < 20; depth++) {
    if (!isNode(at)) return undefined
    if (typeof at['$ref'] === 'string') at = document.schema(at['$ref'])
    else {
      const choices = (at['anyOf'] ?? at['oneOf'] ?? at['allOf']) as readonly Schema[] | undefined
      if (choices === undefined) return at
      at = choices.find((choice) => fits(choice, value, document))
    }
  }
  return undefined
}

function fits(choice: Schema, value: unknown, document: ApiDocument): boolean {
  const schema = isNode(choice) && typeof choice['$ref'] === 'string' ? document.schema(choice['$ref']) : choice
  if (!isNode(schema)) return true
  return schema['type'] === 'object' || schema['properties'] !== undefined ? isNode(value) : !isNode(value)
}

function matcherOf(value: unknown, schema: Node | undefined): Node {
  if (value === null) return { match: 'null' }
  const choices = schema?.['enum']
  if (typeof value === 'string' && Array.isArray(choices)) {
    return { match: 'regex', regex: `^(${choices.map((choice) => RegExp.escape(String(choice))).join('|')})$` }
  }
  if (schema?.['type'] === 'integer') return { match: 'integer' }
  if (typeof value === 'number') return { match: 'number' }
  if (typeof value === 'boolean') return { match: 'boolean' }
  return { match: 'type' }
}

/** One step of a JSON path as Pact writes it. */
function step(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `['${name}']`
}
