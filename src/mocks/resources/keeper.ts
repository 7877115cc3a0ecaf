import { type ApiDocument, type Schema } from '../../openapi/model.ts'
import { type World } from '../behaviour.ts'
import { type Exchange } from '../exchange.ts'
import { Refused } from '../refusal.ts'
import { type Collection, type Resource } from './collection.ts'
import { type InferredResource, type Role, plainTemplate } from './infer.ts'
import { idMaker, singular } from './new-id.ts'
import { viewOf } from './schema-view.ts'

export type Fields = Readonly<Record<string, unknown>>

/** A kept object, under its id as text. `value` is what answers show. */
export interface Kept extends Resource {
  readonly value: Fields
}

/** Where the objects of inferred resources are kept: each collection by its path, parents' ids filled in. */
export interface Keeper {
  /** The objects of a resource below the parents that the path names. */
  of(resource: InferredResource, params: Fields): Collection<Kept>
  /** Refuses with 404 where a parent that the path names does not exist. */
  requireParent(resource: InferredResource, params: Fields): void
  /** The object that the path names, or 404. */
  require(resource: InferredResource, params: Fields): Kept
  keep(
    resource: InferredResource,
    params: Fields,
    id: string | number,
    fields: Fields,
    change: string,
    exchange: Exchange,
  ): Kept
  remove(resource: InferredResource, params: Fields, kept: Kept, exchange: Exchange): void
  nextId(resource: InferredResource): string | number
  objects(kind: string): readonly Resource[]
}

/** Makes a keeper that keeps nothing yet. */
export function createKeeper(world: World, roles: ReadonlyMap<string, Role>): Keeper {
  const { document, journal, store } = world
  const byItem = new Map([...roles.values()].map(({ resource }) => [resource.item, resource]))
  const paths = new Map<string, Set<string>>()
  const makers = new Map<string, () => string | number>()
  const at = (path: string) => store.of(path) as unknown as Collection<Kept>

  const keeper: Keeper = {
    of({ kind, collection }, params) {
      const path = filled(collection, params)
      paths.set(kind, (paths.get(kind) ?? new Set<string>()).add(path))
      return at(path)
    },
    requireParent({ parent }, params) {
      const resource = parent === undefined ? undefined : byItem.get(parent)
      if (resource !== undefined) keeper.require(resource, params)
    },
    require(resource, params) {
      keeper.requireParent(resource, params)
      const id = textOf(params[resource.idParameter ?? ''])
      return keeper.of(resource, params).get(id) ?? missing(resource, id)
    },
    keep(resource, params, id, fields, change, exchange) {
      const { properties } = viewOf(document, resource.schema)
      const showsId = Object.hasOwn(properties, resource.idField) || Object.keys(properties).length === 0
      const kept = { id: String(id), value: showsId ? { ...fields, [resource.idField]: id } : fields }
      keeper.of(resource, params).put(kept)
      note(resource, kept, change, exchange)
      return kept
    },
    remove(resource, params, kept, exchange) {
      keeper.of(resource, params).delete(kept.id)
      note(resource, kept, 'deleted', exchange)
    },
    nextId(resource) {
      let maker = makers.get(resource.collection)
      if (maker === undefined) {
        const view = viewOf(document, idSchemaOf(document, resource))
        maker = idMaker(document, resource.kind, view, world.random(`id ${resource.collection}`))
        makers.set(resource.collection, maker)
      }
      return maker()
    },
    objects(kind) {
      const named = [...paths].filter(([name]) => name === kind || singular(name) === kind)
      return named.flatMap(([, each]) =>
        [...each].flatMap((path) =>
          at(path)
            .all()
            .map(({ value }) => value as Resource),
        ),
      )
    },
  }

  function note({ kind }: InferredResource, { id }: Kept, change: string, exchange: Exchange): void {
    journal.record({ kind: 'state', object: singular(kind), id, change, exchange: exchange.id })
    exchange.summary = change === 'deleted' ? `${singular(kind)} ${id} deleted` : `${singular(kind)} ${id}`
  }
  return keeper
}

/** Ends a handler: there is no such object. */
export function missing({ kind }: InferredResource, id: string): never {
  throw new Refused({ status: 404, code: 'not_found', message: `There is no ${singular(kind)} ${id.slice(0, 100)}.` })
}

/** An id from a path in the type that its field has. */
export function idAs(document: ApiDocument, resource: InferredResource, id: string): string | number {
  const { types } = viewOf(document, idSchemaOf(document, resource))
  return types.includes('integer') && /^\d+$/.test(id) ? Number(id) : id
}

/** What an id looks like: as a field of the object or, failing that, in the path. */
function idSchemaOf(
  document: ApiDocument,
  { schema, idField, item, idParameter }: InferredResource,
): Schema | undefined {
  const { properties } = viewOf(document, schema)
  if (Object.hasOwn(properties, idField)) return properties[idField]
  const operation = document.operations.find(({ template }) => plainTemplate(template) === item)
  return operation?.parameters.find(({ name }) => name === idParameter)?.schema
}

function filled(template: string, params: Fields): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(textOf(params[name])))
}

/** A value of a path or query as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}
