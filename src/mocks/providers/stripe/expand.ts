import { type Account, type StripeObject } from './account.ts'
import { refuseParameter } from './error.ts'
import { type Kind } from './kinds.ts'
import { type ListObject } from './objects.ts'
import { type Parameters, textsIn } from './parameters.ts'
import { refundsOf } from './refunds.ts'

/**
 * What stands in a field when it is expanded: the object whose id it holds; nothing, where this mock has
 * no such objects; what a function finds; or a holder of such fields.
 */
type Target = Kind | 'nothing' | ((account: Account, holder: StripeObject) => unknown) | Fields

interface Fields {
  readonly [field: string]: Target
}

const expandable: Readonly<Record<Kind, Fields>> = {
  balance_transaction: { source: 'charge' },
  charge: {
    application: 'nothing',
    application_fee: 'nothing',
    balance_transaction: 'balance_transaction',
    customer: 'customer',
    failure_balance_transaction: 'nothing',
    invoice: 'nothing',
    on_behalf_of: 'nothing',
    payment_intent: 'payment_intent',
    refunds: refundsOf,
    review: 'nothing',
    source_transfer: 'nothing',
  },
  customer: {
    cash_balance: 'nothing',
    default_source: 'nothing',
    invoice_settings: { default_payment_method: 'payment_method' },
    sources: 'nothing',
    subscriptions: 'nothing',
    tax: 'nothing',
    tax_ids: 'nothing',
    test_clock: 'nothing',
  },
  event: {},
  payment_intent: {
    application: 'nothing',
    customer: 'customer',
    invoice: 'nothing',
    latest_charge: 'charge',
    on_behalf_of: 'nothing',
    payment_method: 'payment_method',
    review: 'nothing',
    transfer_data: { destination: 'nothing' },
  },
  payment_method: { customer: 'customer' },
  price: { currency_options: 'nothing', product: 'product', tiers: 'nothing' },
  product: { default_price: 'price', tax_code: 'nothing' },
  refund: {
    balance_transaction: 'balance_transaction',
    charge: 'charge',
    failure_balance_transaction: 'nothing',
    payment_intent: 'payment_intent',
    source_transfer_reversal: 'nothing',
    transfer_reversal: 'nothing',
  },
  webhook_endpoint: {},
}

const maxDepth = 4

/** A path that can be expanded, cut into its fields. */
export type ExpandPath = readonly string[]

/** The paths that a request wants expanded in an answer of this kind. Refuses those that cannot be, before anything is done. */
export function expandPaths(parameters: Parameters, kind: Kind, isList: boolean): readonly ExpandPath[] {
  return textsIn(parameters, 'expand').map((path) => {
    const segments = path.split('.')
    if (segments.length > maxDepth) {
      const message = `You cannot expand more than ${maxDepth} levels of a property. Property: ${path.slice(0, 100)}`
      refuseParameter(undefined, message, 'expand')
    }
    if (!isList) return requireExpandable(segments, kind, path)
    const [first, ...rest] = segments
    if (first !== 'data') cannot(path, ` You may want to try expanding 'data.${path.slice(0, 100)}' instead.`)
    return requireExpandable(rest, kind, path)
  })
}

function requireExpandable(segments: ExpandPath, kind: Kind, path: string): ExpandPath {
  let fields = expandable[kind]
  for (const segment of segments) {
    const target = Object.hasOwn(fields, segment) ? fields[segment] : cannot(path)
    if (target === 'nothing' || typeof target === 'function') return segments
    fields = typeof target === 'string' ? expandable[target] : (target ?? {})
  }
  return segments
}

function cannot(path: string, hint = ''): never {
  refuseParameter(undefined, `This property cannot be expanded (${path.slice(0, 100)}).${hint}`, 'expand')
}

/** The answer with objects in place of ids. Nothing is expanded in the stored objects. */
export function expanded(
  account: Account,
  answer: StripeObject | ListObject,
  kind: Kind,
  paths: readonly ExpandPath[],
) {
  let result = answer
  for (const path of paths)
    result = isList(result)
      ? { ...result, data: result.data.map((item) => withExpanded(account, item, expandable[kind], path)) }
      : withExpanded(account, result, expandable[kind], path)
  return result
}

function withExpanded<T extends StripeObject>(
  account: Account,
  holder: T,
  fields: Fields,
  [field, ...rest]: ExpandPath,
): T {
  const target = field === undefined ? undefined : fields[field]
  if (field === undefined || target === undefined || target === 'nothing') return holder
  if (typeof target === 'function') return { ...holder, [field]: target(account, holder) }
  const value = holder[field]
  if (value === null || value === undefined) return holder
  if (typeof target === 'object')
    return holding(holder, field, withExpanded(account, value as StripeObject, target, rest))
  const object = typeof value === 'string' ? lookup(account, target, value) : (value as StripeObject)
  if (object === undefined) return holder
  return holding(holder, field, withExpanded(account, object, expandable[target], rest))
}

const latest = new WeakMap<object, StripeObject>()

/** A holder with one field expanded. As long as nothing has changed it is the same object, whose text is remembered. */
function holding<T extends StripeObject>(holder: T, field: string, inner: StripeObject): T {
  if (holder[field] === inner) return holder
  const known = latest.get(holder) as T | undefined
  if (known !== undefined && known[field] === inner) return known
  const made: T = { ...holder, [field]: inner }
  latest.set(holder, made)
  return made
}

/** A balance transaction's source may be of two kinds: the id tells. */
function lookup(account: Account, kind: Kind, id: string): StripeObject | undefined {
  return account.of(id.startsWith('re_') ? 'refund' : kind).get(id)
}

function isList(answer: StripeObject | ListObject): answer is ListObject {
  return answer.object === 'list'
}
