import { type ApiDocument, type Operation, isNode } from '../../openapi/model.ts'
import { type Answer } from '../answer.ts'
import { type Handler, type Life, type World } from '../behaviour.ts'
import { type Exchange } from '../exchange.ts'
import { Refused } from '../refusal.ts'
import { type DocumentAnswers, documentAnswers } from './document-answers.ts'
import { successOf } from './declared.ts'
import { type InferredResource, type Role, type Verb, inferRoles, itemSchemaOf } from './infer.ts'
import { type Fields, type Keeper, createKeeper, idAs, missing, textOf } from './keeper.ts'
import { type MakeTools, acceptable, changeObject, makeObject } from './make-object.ts'
import { singular } from './new-id.ts'
import { isPaging, pageNamesOf, pageOf } from './pagination.ts'
import { sameSchema, viewOf } from './schema-view.ts'

/** Brings the resources of a document to life, with nothing known but the document. */
export function documentLife(world: World): Life {
  const roles = inferRoles(world.document)
  const tools: MakeTools = { document: world.document, clock: world.clock, random: world.random('objects') }
  const keeper = createKeeper(world, roles)
  const desk: Desk = { document: world.document, roles, tools, keeper, answers: documentAnswers(tools) }
  const handlers = new Map<Operation, Handler>()
  return {
    handler(operation) {
      const role = roles.get(operation.name)
      if (role === undefined) return undefined
      let handler = handlers.get(operation)
      if (handler === undefined) {
        handler = (exchange) => verbs[role.verb](desk, role, exchange)
        handlers.set(operation, handler)
      }
      return handler
    },
    objects: (kind) => keeper.objects(kind),
  }
}

/** What every verb works with. */
interface Desk {
  readonly document: ApiDocument
  readonly roles: ReadonlyMap<string, Role>
  readonly tools: MakeTools
  readonly keeper: Keeper
  readonly answers: DocumentAnswers
}

const verbs: Readonly<Record<Verb, (desk: Desk, role: Role, exchange: Exchange) => Answer>> = {
  create({ document, tools, keeper, answers }, { resource, operation }, exchange) {
    const { path } = exchange.input
    keeper.requireParent(resource, path)
    const sent = sentIn(exchange, resource)
    const given = sent[resource.idField]
    const kept = keeper.of(resource, path)
    if (isId(given) && kept.get(String(given)) !== undefined)
      throw new Refused({
        status: 409,
        code: 'conflict',
        message: `There is already a ${singular(resource.kind)} ${given}.`,
      })
    let id = isId(given) ? given : keeper.nextId(resource)
    while (kept.get(String(id)) !== undefined) id = keeper.nextId(resource)
    const fields = { ...makeObject(tools, resource.schema, sent), ...parentIds(document, resource, path) }
    const made = keeper.keep(resource, path, id, fields, 'created', exchange)
    const answer = answers.item(operation, resource, made, [201, 200])
    if (answer.status !== 201 || resource.item === undefined) return answer
    return { ...answer, headers: { ...answer.headers, location: `${exchange.path}/${encodeURIComponent(made.id)}` } }
  },

  list({ document, keeper, answers }, { resource, operation }, exchange) {
    const { path, query } = exchange.input
    keeper.requireParent(resource, path)
    const names = pageNamesOf(operation)
    const { properties } = viewOf(document, resource.schema)
    const filters = Object.entries(query).filter(
      ([name, value]) => Object.hasOwn(properties, name) && !isPaging(names, name) && !isNode(value) && value !== '',
    )
    const found = keeper
      .of(resource, path)
      .all()
      .filter(({ value }) => filters.every(([name, wanted]) => matches(value[name], wanted)))
    const page = pageOf(found, names, query, ({ id }) => id)
    if (page === undefined)
      throw new Refused({ status: 400, code: 'invalid_cursor', message: 'The cursor names nothing in this list.' })
    exchange.summary = `list of ${page.items.length}`
    return answers.page(operation, resource, page, exchange)
  },

  read({ keeper, answers }, { resource, operation }, exchange) {
    const kept = keeper.require(resource, exchange.input.path)
    exchange.summary = `${singular(resource.kind)} ${kept.id}`
    return answers.item(operation, resource, kept, [200])
  },

  replace({ document, roles, tools, keeper, answers }, { resource, operation }, exchange) {
    const { path } = exchange.input
    const id = path[resource.idParameter ?? ''] ?? ''
    keeper.requireParent(resource, path)
    const before = keeper.of(resource, path).get(id)
    // Where nothing else can make an object, PUT does.
    if (before === undefined && hasCreate(roles, resource) && !('201' in operation.responses)) missing(resource, id)
    const made = makeObject(tools, resource.schema, sentIn(exchange, resource))
    const fields = {
      ...made,
      ...parentIds(document, resource, path),
      ...(before === undefined ? {} : madeTimes(before.value)),
    }
    const change = before === undefined ? 'created' : 'replaced'
    const kept = keeper.keep(resource, path, idAs(document, resource, id), fields, change, exchange)
    return answers.item(operation, resource, kept, before === undefined ? [201, 200, 204] : [200, 204, 201])
  },

  update({ document, tools, keeper, answers }, { resource, operation }, exchange) {
    const { path } = exchange.input
    const sent = sentIn(exchange, resource)
    const id = path[resource.idParameter ?? ''] ?? sent[resource.idField]
    if (!isId(id))
      throw new Refused({
        status: 400,
        code: 'invalid_request',
        message: `The body must name its ${resource.idField}.`,
        unexecuted: true,
      })
    keeper.requireParent(resource, path)
    const before = keeper.of(resource, path).get(String(id)) ?? missing(resource, String(id))
    const fields = changeObject(tools, resource.schema, before.value, sent)
    const kept = keeper.keep(resource, path, idAs(document, resource, before.id), fields, 'updated', exchange)
    return answers.item(operation, resource, kept, [200, 204])
  },

  delete({ keeper, answers }, { resource, operation }, exchange) {
    const { path } = exchange.input
    const kept = keeper.require(resource, path)
    keeper.remove(resource, path, kept, exchange)
    return answers.item(operation, resource, kept, [204, 200], { deleted: true })
  },

  /** What an action does nobody can know: the object stays as it is, or what the action answers is an example. */
  act({ document, keeper, answers }, { resource, operation }, exchange) {
    const kept = keeper.require(resource, exchange.input.path)
    exchange.summary = `${singular(resource.kind)} ${kept.id}`
    const { schema } = successOf(operation, [200])
    const place = itemSchemaOf(document, schema, [resource.idField])
    const answersObject = place !== undefined && sameSchema(document, place.schema, resource.schema)
    return answersObject ? answers.item(operation, resource, kept, [200]) : answers.example(operation)
  },
}

function hasCreate(roles: ReadonlyMap<string, Role>, { collection }: InferredResource): boolean {
  return [...roles.values()].some(({ verb, resource }) => verb === 'create' && resource.collection === collection)
}

/** What a request says about the object: its body, or the one member of it that stands for the object. */
function sentIn({ input }: Exchange, { kind }: InferredResource): Fields {
  const { body } = input
  if (!isNode(body)) return {}
  const [first, ...others] = Object.entries(body)
  if (first === undefined || others.length > 0 || !isNode(first[1])) return body
  return [kind, singular(kind), 'data'].includes(first[0]) ? first[1] : body
}

function isId(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

function matches(value: unknown, wanted: unknown): boolean {
  const candidates: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted]
  return candidates.some((candidate) => value === candidate || textOf(value) === textOf(candidate))
}

/** Fields of an object that carry the names of the path's parameters, such as `userId` below `/users/{userId}`. */
function parentIds(document: ApiDocument, { collection, schema }: InferredResource, params: Fields): Fields {
  const names = [...collection.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] as string)
  return names.length === 0
    ? {}
    : acceptable(document, schema, Object.fromEntries(names.map((name) => [name, params[name]])))
}

/** When it was made does not change when an object is replaced. */
function madeTimes(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).filter(([name]) => /^creat(?:ed|ion)/i.test(name)))
}
