import { type Account, type Cause, type StripeObject } from './account.ts'
import { refuse } from './error.ts'
import { type Parameters } from './parameters.ts'

/** One request as Stripe's handlers see it. */
export interface Call {
  readonly account: Account
  readonly cause: Cause
  /** The id in the path; empty where the path has none. */
  readonly id: string
  /** Body of a POST, query of everything else. */
  readonly parameters: Parameters
}

/** Answers one operation with an object. Refuses by throwing, and then has changed nothing. */
export type StripeHandler = (call: Call) => StripeObject | ListObject | DeletedObject

/** A page of objects. */
export interface ListObject {
  readonly object: 'list'
  readonly data: readonly StripeObject[]
  readonly has_more: boolean
  readonly url: string
}

/** What is left of an object that was deleted. */
export interface DeletedObject extends StripeObject {
  readonly deleted: true
}

/** How Stripe names kinds of objects to people. */
const titles: Readonly<Record<string, string>> = {
  payment_intent: 'payment_intent',
  payment_method: 'PaymentMethod',
  balance_transaction: 'balance transaction',
  webhook_endpoint: 'webhook endpoint',
}

/** The object with an id. Where there is none the refusal names the parameter: 404 for the path's id, 400 for another's. */
export function find<T extends StripeObject>(account: Account, kind: string, id: string, param?: string): T {
  const object = account.store.of<T>(kind).get(id)
  if (object === undefined || isDeleted(object)) return noSuch(kind, id, param)
  return object
}

/** Ends a handler: there is no such object. */
export function noSuch(kind: string, id: string, param?: string): never {
  const message = `No such ${titles[kind] ?? kind}: '${id.slice(0, 100)}'`
  return refuse(
    'resource_missing',
    message,
    { param: param ?? (kind === 'payment_intent' ? 'intent' : 'id') },
    param === undefined ? 404 : 400,
  )
}

/** Whether an object was deleted and only its stub is left. */
export function isDeleted(object: StripeObject): boolean {
  return object['deleted'] === true
}
