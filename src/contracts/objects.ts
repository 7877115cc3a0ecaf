import { type ApiDocument, isNode } from '../openapi/model.ts'
import { jsonOf, type UsedExchange } from './usage.ts'

/** Where an object of the provider is read: its path, and the values of the path's parameters. */
export interface Place {
  readonly template: string
  readonly params: Readonly<Record<string, string>>
  /** The parameter that holds the object's own id. */
  readonly parameter: string
}

/** The objects that a consumer came to know, by id. */
export type KnownObjects = ReadonlyMap<string, Place>

/**
 * The objects that one exchange shows to exist: those its path names, the one it made or read, and the
 * items of the list it read.
 */
export function objectsIn(exchange: UsedExchange, document: ApiDocument): KnownObjects {
  const found = new Map<string, Place>()
  const match = document.match(exchange.method, exchange.path)
  if (match === undefined || exchange.status === 404) return found
  const { operation, params } = match
  for (const [parameter, id] of Object.entries(params)) {
    const template = pathTo(parameter, operation.template)
    found.set(id, { template, parameter, params: pick(params, template) })
  }
  const item = document.operations.find(({ template }) => isItemOf(template, operation.template))
  if (item === undefined || exchange.status >= 300) return found
  const parameter = /\{([^{}]*)\}$/.exec(item.template)?.[1] as string
  for (const id of idsIn(jsonOf(exchange.responseBody ?? '')))
    found.set(id, { template: item.template, parameter, params: { ...params, [parameter]: id } })
  return found
}

/** The ids of an answer: its own, or those of the items in its list. */
function idsIn(answer: unknown): string[] {
  const own = isNode(answer) ? [answer] : []
  const lists = Array.isArray(answer) ? [answer] : own.flatMap((node) => Object.values(node).filter(Array.isArray))
  return [...own, ...lists.flat()].flatMap((node: unknown) =>
    isNode(node) && typeof node['id'] === 'string' ? [node['id']] : [],
  )
}

/**
 * Whether a value can only be the id of a known object. Short words and plain numbers are left out: an
 * amount of 5 is not the object 5.
 */
export function isReference(value: unknown, known: KnownObjects): value is string {
  return typeof value === 'string' && /^(?=.*[a-z])(?=.*\d).{6,}$/i.test(value) && known.has(value)
}

/** A template up to and including one of its parameters. */
export function pathTo(parameter: string, template: string): string {
  const end = template.indexOf('/', template.indexOf(`{${parameter}}`))
  return end < 0 ? template : template.slice(0, end)
}

function isItemOf(template: string, collection: string): boolean {
  return template.startsWith(`${collection}/`) && /^\/\{[^{}]*\}$/.test(template.slice(collection.length))
}

function pick(params: Readonly<Record<string, string>>, template: string): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => template.includes(`{${name}}`)))
}
