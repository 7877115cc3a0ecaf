import { type Account, type Cause, type StripeObject } from './account.ts'
import { previousAttributes } from './events.ts'

/** Keeps a new object and tells of it. */
export function create<T extends StripeObject>(
  account: Account,
  object: T,
  cause: Cause,
  type = `${object.object}.created`,
): T {
  account.keep(object, 'created', cause)
  account.tell(type, object, cause)
  return object
}

/** Keeps an object with other fields. An event tells of it, with what the fields were before, when they differ. */
export function update<T extends StripeObject>(
  account: Account,
  before: T,
  fields: Partial<T>,
  cause: Cause,
  type: string,
): T {
  const after: T = { ...before, ...fields }
  const previous = previousAttributes(before, after, Object.keys(fields))
  if (previous === undefined) return before
  account.keep(after, `updated ${Object.keys(previous).join(', ')}`, cause)
  account.tell(type, after, cause, previous)
  return after
}
