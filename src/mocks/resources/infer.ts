import { type ApiDocument, type Operation, type Schema } from '../../openapi/model.ts'
import { successOf } from './declared.ts'
import { type SchemaView, viewOf } from './schema-view.ts'

/** What an operation does to a resource. `act`: anything else done to one object, such as `/orders/{id}/cancel`. */
export type Verb = 'create' | 'list' | 'read' | 'replace' | 'update' | 'delete' | 'act'

/** A collection with its items, as paths and schemas of a document show it. */
export interface InferredResource {
  /** The collection's last name: `pets` for `/pets` and `/pets/{petId}`. */
  readonly kind: string
  /** Template of the collection's path. */
  readonly collection: string
  /** Template of an item's path, where there is one. */
  readonly item: string | undefined
  /** The path parameter that holds an item's id. */
  readonly idParameter: string | undefined
  /** The field of an item that holds its id. */
  readonly idField: string
  /** Other names under which an answer may show the id, the likeliest first. */
  readonly idNames: readonly string[]
  /** What an item looks like. */
  readonly schema: Schema | undefined
  /** The resource whose item this collection hangs below. */
  readonly parent: string | undefined
}

export interface Role {
  readonly verb: Verb
  readonly resource: InferredResource
  readonly operation: Operation
}

const known = new WeakMap<ApiDocument, ReadonlyMap<string, Role>>()

/**
 * Finds the resources of a document: a collection path that takes POST, or an item path that takes PUT,
 * makes one. What nobody can create is not kept, and answered from examples. By operation name.
 */
export function inferRoles(document: ApiDocument): ReadonlyMap<string, Role> {
  let roles = known.get(document)
  if (roles === undefined) {
    roles = findRoles(document)
    known.set(document, roles)
  }
  return roles
}

function findRoles(document: ApiDocument): ReadonlyMap<string, Role> {
  const byTemplate = new Map<string, Map<string, Operation>>()
  for (const operation of document.operations) {
    const template = plainTemplate(operation.template)
    const methods = byTemplate.get(template) ?? new Map<string, Operation>()
    byTemplate.set(template, methods.set(operation.method, operation))
  }
  const roles = new Map<string, Role>()
  const items = new Map<string, InferredResource>()
  const collections = new Map<string, string | undefined>()
  for (const template of byTemplate.keys()) {
    const item = /^(.+)\/\{[^{}/]+\}$/.exec(template)
    if (item === null) collections.set(template, collections.get(template))
    else collections.set(item[1] as string, template)
  }
  // Shorter paths first, so that parents are known before what hangs below them.
  for (const [collection, item] of [...collections].sort(([a], [b]) => a.length - b.length)) {
    const ofCollection = byTemplate.get(collection) ?? none
    const ofItem = item === undefined ? none : (byTemplate.get(item) ?? none)
    if (!isKept(document, ofCollection, ofItem)) continue
    const resource = describe(document, collection, item, ofCollection, ofItem, items)
    if (item !== undefined) items.set(item, resource)
    for (const operation of [...ofCollection.values(), ...ofItem.values()]) {
      const verb = verbOf(document, operation, resource)
      if (verb !== undefined) roles.set(operation.name, { verb, resource, operation })
    }
  }
  for (const operation of document.operations) {
    if (roles.has(operation.name)) continue
    const resource = actedOn(operation, items)
    if (resource !== undefined) roles.set(operation.name, { verb: 'act', resource, operation })
  }
  return roles
}

/** A path without the ending that says its format, as `/calls/{Sid}.json` has one. */
export function plainTemplate(template: string): string {
  return template.replace(/\.(?:json|xml)$/, '')
}

const none: ReadonlyMap<string, Operation> = new Map()

function isKept(
  document: ApiDocument,
  ofCollection: ReadonlyMap<string, Operation>,
  ofItem: ReadonlyMap<string, Operation>,
): boolean {
  if (ofItem.has('PUT')) return true
  if (!ofCollection.has('POST')) return false
  if (ofItem.size > 0) return true
  const list = ofCollection.get('GET')
  return list !== undefined && listSchemaOf(document, successOf(list).schema) !== undefined
}

function describe(
  document: ApiDocument,
  collection: string,
  item: string | undefined,
  ofCollection: ReadonlyMap<string, Operation>,
  ofItem: ReadonlyMap<string, Operation>,
  items: ReadonlyMap<string, InferredResource>,
): InferredResource {
  const idParameter = item === undefined ? undefined : /\{([^{}/]+)\}$/.exec(item)?.[1]
  const names = idNames(idParameter)
  const read = ofItem.get('GET') ?? ofCollection.get('POST') ?? ofItem.get('PUT') ?? ofItem.get('PATCH')
  const list = ofCollection.get('GET')
  const schema =
    (read === undefined ? undefined : itemSchemaOf(document, successOf(read).schema, names)?.schema) ??
    (list === undefined ? undefined : listSchemaOf(document, successOf(list).schema)?.items)
  const { properties } = viewOf(document, schema)
  const segments = collection.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'))
  const parent = /^(.+\/\{[^{}/]+\})\/[^{}]+$/.exec(collection)?.[1]
  return {
    kind: segments.at(-1) ?? 'items',
    collection,
    item,
    idParameter,
    idField: names.find((name) => Object.hasOwn(properties, name)) ?? 'id',
    idNames: names,
    schema,
    parent: parent !== undefined && items.has(parent) ? parent : undefined,
  }
}

/** Fields that may hold the id that a path parameter names, the likeliest first. */
function idNames(parameter: string | undefined): readonly string[] {
  if (parameter === undefined) return ['id', 'uuid', '_id', 'key', 'sid']
  const snake = parameter.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
  const camel = parameter.replaceAll(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase())
  const tail = /(?:^|_)(id|uuid|key|name|slug|sid|code|number)$/.exec(snake)?.[1]
  return [...new Set([parameter, snake, camel, ...(tail === undefined ? [] : [tail]), 'id', 'uuid', '_id'])]
}

/** Where an answer holds one object: the answer itself, or one of its fields. */
export function itemSchemaOf(
  document: ApiDocument,
  schema: Schema | undefined,
  names: readonly string[],
): { readonly schema: Schema; readonly field: string | undefined } | undefined {
  if (schema === undefined) return undefined
  const has = (view: SchemaView) => names.some((name) => Object.hasOwn(view.properties, name))
  const view = viewOf(document, schema)
  if (has(view)) return { schema, field: undefined }
  const inside = Object.entries(view.properties).filter(([, property]) => has(viewOf(document, property)))
  const [only] = inside
  if (inside.length === 1 && only !== undefined) return { schema: only[1], field: only[0] }
  return view.types.includes('object') ? { schema, field: undefined } : undefined
}

/** Where an answer holds a list of objects: the answer itself, or one of its fields. */
export function listSchemaOf(
  document: ApiDocument,
  schema: Schema | undefined,
): { readonly items: Schema; readonly field: string | undefined } | undefined {
  const view = viewOf(document, schema)
  if (view.types[0] === 'array' && view.items !== undefined) return { items: view.items, field: undefined }
  const lists = Object.entries(view.properties).flatMap(([field, property]) => {
    const { types, items } = viewOf(document, property)
    return types[0] === 'array' && items !== undefined ? [{ items, field }] : []
  })
  const ofObjects = lists.filter(({ items }) => viewOf(document, items).types.includes('object'))
  return ofObjects.length > 0 ? ofObjects[0] : lists.length === 1 ? lists[0] : undefined
}

function verbOf(document: ApiDocument, operation: Operation, { collection, item }: InferredResource): Verb | undefined {
  const { method } = operation
  const template = plainTemplate(operation.template)
  if (template === item) {
    const verbs: Partial<Record<string, Verb>> = {
      GET: 'read',
      PUT: 'replace',
      PATCH: 'update',
      POST: 'update',
      DELETE: 'delete',
    }
    return verbs[method]
  }
  if (template !== collection) return undefined
  if (method === 'POST') return 'create'
  // PUT on a collection that names the object in its body, as the pet store does.
  if ((method === 'PUT' || method === 'PATCH') && item !== undefined) return 'update'
  if (method !== 'GET') return undefined
  return listSchemaOf(document, successOf(operation).schema) === undefined ? undefined : 'list'
}

/** The resource of which one object is acted on: an item's path with words behind it. */
function actedOn(
  { template, method }: Operation,
  items: ReadonlyMap<string, InferredResource>,
): InferredResource | undefined {
  if (method === 'GET' || method === 'DELETE') return undefined
  const item = /^(.+\/\{[^{}/]+\})(?:\/[^{}/]+)+$/.exec(plainTemplate(template))?.[1]
  return item === undefined ? undefined : items.get(item)
}
