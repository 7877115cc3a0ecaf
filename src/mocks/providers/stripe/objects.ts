import { type Account, type Cause, type StripeObject } from './account.ts'
import { refuse } from './error.ts'
import { type Kind, type Kinds } from './kinds.ts'
import { type Parameters } from './parameters.ts'

/** One request as Stripe's handlers see it. */
export interface Call {
  readonly account: Account
  readonly cause: Cause
  /** The version of the API that the request asks for. */
  readonly apiVersion: string
  /** The id in the path; empty where the path has none. */
  readonly id: string
  /** Every id in the path, the outermost first. */
  readonly ids: readonly string[]
  /** Body of a POST, query of everything else. */
  readonly parameters: Parameters
}

/** Answers one operation with an object. Refuses by throwing, and then has changed nothing. */
export type StripeHandler = (call: Call) => StripeObject | ListObject

/** A page of objects. */
export interface ListObject {
  readonly object: 'list'
  readonly data: readonly StripeObject[]
  readonly has_more: boolean
  readonly url: string
}

/** How Stripe names kinds of objects to people. */
const titles: Readonly<Partial<Record<Kind, string>>> = {
  payment_method: 'PaymentMethod',
  balance_transaction: 'balance transaction',
  webhook_endpoint: 'webhook endpoint',
}

/** The object with an id. Where there is none the refusal names the parameter: 404 for the path's id, 400 for another's. */
export function find<K extends Kind>(account: Account, kind: K, id: string, param?: string): Kinds[K] {
  const object = account.of(kind).get(id)
  return object === undefined || isDeleted(object) ? noSuch(kind, id, param) : object
}

/** Every object of a kind that was not deleted. */
export function all<K extends Kind>(account: Account, kind: K): readonly Kinds[K][] {
  return account
    .of(kind)
    .all()
    .filter((object) => !isDeleted(object))
}

/** Ends a handler: there is no such object. */
export function noSuch(kind: Kind, id: string, param?: string): never {
  const message = `No such ${titles[kind] ?? kind}: '${id.slice(0, 100)}'`
  const fields = { param: param ?? (kind === 'payment_intent' ? 'intent' : 'id') }
  return refuse('resource_missing', message, fields, param === undefined ? 404 : 400)
}

/** Whether an object was deleted and only its stub is left. */
export function isDeleted(object: StripeObject): boolean {
  return object['deleted'] === true
}
