import { type ReferenceTable } from './references.ts'
import {
  type DeclaredResponse,
  type Node,
  type Operation,
  type Parameter,
  type ParameterPlace,
  type RequestBody,
  isNode,
  isSchema,
} from './model.ts'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** The operations of a path item, 3.2's `additionalOperations` among them, with the keys that lead there. */
export function* methodsOf(item: Node): Generator<{ method: string; key: string[]; node: unknown }> {
  for (const key of methods) if (key in item) yield { method: key.toUpperCase(), key: [key], node: item[key] }
  const { additionalOperations: more } = item
  if (isNode(more)) for (const key in more) yield { method: key, key: ['additionalOperations', key], node: more[key] }
}

interface OperationFacts {
  readonly method: string
  readonly template: string
  readonly pointer: string
  readonly raw: Node
  readonly item: Node
  readonly root: Node
  readonly references: ReferenceTable
  readonly path: string
}

/** Makes an operation whose references are followed when someone asks. */
export function createOperation(facts: OperationFacts): Operation {
  const { method, template, pointer, raw, item, root, references } = facts
  let parameters: readonly Parameter[] | undefined
  let requestBody: RequestBody | undefined | null = null
  let responses: Readonly<Record<string, DeclaredResponse>> | undefined
  return {
    ...(typeof raw['operationId'] === 'string' ? { id: raw['operationId'] } : {}),
    name: `${method} ${template}`,
    method,
    template,
    pointer,
    raw,
    security: (raw['security'] ?? root['security'] ?? []) as Operation['security'],
    tags: Array.isArray(raw['tags']) ? raw['tags'].map(String) : [],
    get parameters() {
      return (parameters ??= parametersOf(raw, item, references))
    },
    get requestBody() {
      if (requestBody === null) requestBody = requestBodyOf(raw, references)
      return requestBody
    },
    get responses() {
      return (responses ??= responsesOf(raw, references))
    },
  }
}

/** The operation's own parameters, and those of its path that it does not redefine. */
function parametersOf(raw: Node, item: Node, references: ReferenceTable): Parameter[] {
  const found = new Map<string, Parameter>()
  for (const list of [item['parameters'], raw['parameters']]) {
    if (!Array.isArray(list)) continue
    for (const entry of list) {
      const parameter = parameterOf(references.follow(entry), references)
      if (parameter !== undefined) found.set(`${parameter.in} ${parameter.name}`, parameter)
    }
  }
  return [...found.values()]
}

const defaultStyles: Record<ParameterPlace, string> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
}

function parameterOf(raw: unknown, references: ReferenceTable): Parameter | undefined {
  if (!isNode(raw) || typeof raw['name'] !== 'string' || !(String(raw['in']) in defaultStyles)) return undefined
  const place = raw['in'] as ParameterPlace
  const style = typeof raw['style'] === 'string' ? raw['style'] : defaultStyles[place]
  const explode = typeof raw['explode'] === 'boolean' ? raw['explode'] : style === 'form' || style === 'deepObject'
  const content = isNode(raw['content']) ? Object.entries(raw['content'])[0] : undefined
  const media = references.follow(content?.[1])
  const schema = content === undefined ? raw['schema'] : isNode(media) ? media['schema'] : undefined
  return {
    name: raw['name'],
    in: place,
    required: place === 'path' || raw['required'] === true,
    style,
    explode,
    schema: isSchema(schema) ? schema : undefined,
    ...(content === undefined ? {} : { contentType: content[0] }),
    raw,
  }
}

function requestBodyOf(raw: Node, references: ReferenceTable): RequestBody | undefined {
  const body = references.follow(raw['requestBody'])
  if (!isNode(body)) return undefined
  return { required: body['required'] === true, content: contentOf(body, references) }
}

function responsesOf(raw: Node, references: ReferenceTable): Record<string, DeclaredResponse> {
  const responses: Record<string, DeclaredResponse> = {}
  if (!isNode(raw['responses'])) return responses
  for (const [status, entry] of Object.entries(raw['responses'])) {
    const response = references.follow(entry)
    if (!isNode(response)) continue
    const headers = isNode(response['headers']) ? response['headers'] : {}
    responses[status.toUpperCase().replace('DEFAULT', 'default')] = {
      content: contentOf(response, references),
      headers,
      raw: response,
    }
  }
  return responses
}

/** Media types by name in lower case, without white space. */
function contentOf(holder: Node, references: ReferenceTable): Record<string, Node> {
  const content: Record<string, Node> = {}
  if (!isNode(holder['content'])) return content
  for (const [type, entry] of Object.entries(holder['content'])) {
    const media = references.follow(entry)
    content[type.toLowerCase().replaceAll(/\s+/g, '')] = isNode(media) ? media : {}
  }
  return content
}
