import { bodyKind, declaredFor, mediaTypeOf, schemaOf } from '../openapi/bodies.ts'
import { type ApiDocument, type Match, type Node, type Schema, isNode } from '../openapi/model.ts'
import { responseFor } from '../openapi/validate-response.ts'
import { ask } from './ask.ts'
import { type ProviderState } from './given.ts'
import { isReference, type KnownObjects, objectsIn, type Place } from './objects.ts'
import { promise, type PromiseOptions } from './promise.ts'
import { looksSecret } from './secrets.ts'
import { isUndeclaredTrouble } from './trouble.ts'
import { jsonOf, type Usage, type UsedExchange, type UsedMessage } from './usage.ts'

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
  /** What must be true at the provider before an exchange. @default the objects that it names exist */
  readonly statesOf?:
    | ((exchange: UsedExchange, inferred: readonly ProviderState[]) => readonly ProviderState[])
    | undefined
  /** The schema of events. @default the document's webhook of that type, else its schema `event` */
  readonly messageSchema?: ((message: UsedMessage) => Schema | undefined) | undefined
  /** Names the schema of an object about which the document says only that it is one. @default nothing is said about it */
  readonly kindOf?: ((value: Node) => unknown) | undefined
}

/**
 * Writes what a consumer used as a contract: each distinct exchange and event once, asking only for
 * what the document promises (required fields, types, enum values), so that a provider that adds
 * something breaks nothing. The same use gives the same bytes.
 *
 * Ids of objects become states of the provider (`/v1/customers/{customer} exists`), whose handler may
 * answer with the id it made. No secret is written: headers are left out, texts of answers replaced,
 * and what looks secret in a request is asked for as a state. Answers of a provider in trouble (429
 * and 5xx that the document does not name) and answers that are not the JSON they claim are no promise.
 *
 * Source: the Pact specification, version 4 (github.com/pact-foundation/pact-specification, read 2026-11-21).
 */
export function pactFile(options: PactOptions): Pact {
  const { consumer, provider, usage } = options
  const known = new Map<string, Place>()
  const http: Node[] = []
  for (const exchange of usage.exchanges) {
    const found = httpInteraction(exchange, known, options)
    if (found !== undefined) http.push(found)
    for (const [id, place] of objectsIn(exchange, options.document)) if (!known.has(id)) known.set(id, place)
  }
  const messages = usage.messages.map((message) => messageInteraction(message, known, options))
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: [...distinct(http), ...distinct(messages)],
    metadata: { pactSpecification: { version: '4.0' } },
  }
}

/** The first interaction of each description, in an order that does not depend on who was faster. */
function distinct(interactions: readonly Node[]): Node[] {
  const first = new Map<string, Node>()
  for (const interaction of interactions) {
    const description = interaction['description'] as string
    if (!first.has(description)) first.set(description, interaction)
  }
  return [...first.keys()].toSorted().map((description) => first.get(description) as Node)
}

function httpInteraction(exchange: UsedExchange, known: KnownObjects, options: PactOptions): Node | undefined {
  const { document, statesOf = (_, inferred) => inferred } = options
  const { method, path, status } = exchange
  const match = document.match(method, path)
  if (isUndeclaredTrouble(match?.operation, status)) return undefined
  const own = objectsIn(exchange, document)
  const keeps = (text: string) => known.has(text) || own.has(text)
  const response = answer(exchange, match, { document, keeps, kindOf: options.kindOf ?? nothing })
  if (response === undefined) return undefined
  const asked = ask(exchange, match, known)
  const states = statesOf(exchange, [...asked.states, ...statesOfList(response.listed, known, asked.states)])
  const name = match?.operation.name ?? `${method} ${asked.request['path'] as string}`
  return {
    type: 'Synchronous/HTTP',
    description: `${name}${asked.names.length === 0 ? '' : ` with ${asked.names.join(', ')}`} answers ${status}`,
    pending: asked.lacksBody,
    ...(asked.lacksBody
      ? { comments: { text: [`The request's body (${mediaTypeOf(exchange.requestType) || 'no type'}) is not shown.`] } }
      : {}),
    ...(states.length === 0 ? {} : { providerStates: states }),
    request: asked.request,
    response: response.node,
  }
}

/** What an answer promises; undefined where it is not what it claims to be. */
function answer(exchange: UsedExchange, match: Match | undefined, options: PromiseOptions) {
  const { status, responseType, responseBody } = exchange
  const mediaType = mediaTypeOf(responseType)
  const headers = mediaType === '' ? {} : { headers: { 'content-type': [mediaType] } }
  if (bodyKind(mediaType) !== 'json' || responseBody === undefined || responseBody === '')
    return { node: { status, ...headers }, listed: undefined }
  const value = jsonOf(responseBody)
  if (value === undefined) return undefined
  const content = match === undefined ? {} : (responseFor(match.operation, status)?.content ?? {})
  const schema = schemaOf(content[declaredFor(content, mediaType) ?? ''])
  const promised = promise(value, schema, options)
  const body = { content: promised.value, contentType: mediaType, encoded: false }
  return { node: { status, ...headers, body, matchingRules: { body: promised.rules } }, listed: promised.value }
}

/** What a list shows must be there to be shown. */
function statesOfList(value: unknown, known: KnownObjects, asked: readonly ProviderState[]): ProviderState[] {
  const lists = Array.isArray(value) ? [value] : isNode(value) ? Object.values(value).filter(Array.isArray) : []
  return lists.flat().flatMap((item: unknown) => {
    const id = isNode(item) ? item['id'] : undefined
    if (!isReference(id, known)) return []
    const { template, params } = known.get(id) as Place
    if (Object.values(params).some(looksSecret)) return []
    const name = `${template} exists`
    return asked.some((state) => state.name === name) ? [] : [{ name, params }]
  })
}

function messageInteraction(message: UsedMessage, known: KnownObjects, options: PactOptions): Node {
  const { document, messageSchema = ({ type }) => webhookSchema(type, document), kindOf = nothing } = options
  const { type, body } = message
  const keeps = (text: string) => text === type || known.has(text)
  const event = jsonOf(body)
  const promised = promise(event, messageSchema(message), { document, keeps, kindOf })
  const equal = Object.entries(isNode(event) ? event : {}).flatMap(([name, value]) =>
    value === type && promised.rules[`$.${name}`] !== undefined
      ? [[`$.${name}`, { combine: 'AND', matchers: [{ match: 'equality' }] }]]
      : [],
  )
  return {
    type: 'Asynchronous/Messages',
    description: type,
    pending: false,
    contents: { content: promised.value, contentType: 'application/json', encoded: false },
    metadata: { contentType: 'application/json' },
    matchingRules: { body: { ...promised.rules, ...Object.fromEntries(equal) } },
  }
}

function webhookSchema(type: string, document: ApiDocument): Schema | undefined {
  const post = document.resolve(`#/webhooks/${type.replaceAll('~', '~0').replaceAll('/', '~1')}/post`)
  const body = isNode(post) ? document.references.follow(post['requestBody']) : undefined
  const content = isNode(body) && isNode(body['content']) ? body['content'] : {}
  const media = content['application/json']
  return (isNode(media) ? schemaOf(media) : undefined) ?? document.schema('event')
}

const nothing = (): undefined => undefined
