import { JsonBody } from '../../../core/json-body.ts'
import { isNode } from '../../../openapi/model.ts'
import { type Handler, type Life, type World } from '../../behaviour.ts'
import { documentLife } from '../../resources/document-life.ts'
import { type Account, type Cause, type StripeObject, openAccount } from './account.ts'
import { accountVersion, versionIn } from './api-version.ts'
import { balanceTransactionHandlers } from './balance-transactions.ts'
import { chargeHandlers } from './charges.ts'
import { completeAction } from './complete-action.ts'
import { customerHandlers } from './customers.ts'
import { eventHandlers } from './event-handlers.ts'
import { expandPaths, expanded } from './expand.ts'
import { type Kind } from './kinds.ts'
import { type ListObject, type StripeHandler } from './objects.ts'
import { paymentIntentHandlers } from './payment-intents.ts'
import { paymentMethodHandlers } from './payment-methods.ts'
import { priceHandlers } from './prices.ts'
import { productHandlers } from './products.ts'
import { refundHandlers } from './refunds.ts'
import { webhookEndpointHandlers } from './webhook-endpoints.ts'

const handlers: Readonly<Record<string, StripeHandler>> = {
  ...customerHandlers,
  ...paymentMethodHandlers,
  ...paymentIntentHandlers,
  ...chargeHandlers,
  ...refundHandlers,
  ...productHandlers,
  ...priceHandlers,
  ...balanceTransactionHandlers,
}

/** Opens an account: no objects, no events, and handlers for everything that Stripe does beyond its document. */
export function stripeLife(world: World): Life {
  const account = openAccount(world, accountVersion)
  const own = { ...eventHandlers(world.webhooks), ...webhookEndpointHandlers(world.webhooks) }
  const wrapped = new Map<string, Handler>()
  let others: Life | undefined
  /** What Stripe's own document has beyond what is known here lives by the document alone. */
  const beyond = () => (others ??= documentLife(world))
  return {
    handler(operation) {
      let handler = wrapped.get(operation.name)
      if (handler !== undefined) return handler
      const facts = factsOf(operation.name)
      const known = handlers[facts.name] ?? own[facts.name]
      if (known === undefined) return beyond().handler(operation)
      handler = answering(account, facts, known)
      wrapped.set(operation.name, handler)
      return handler
    },
    objects: (kind) => [...world.store.of(kind).all(), ...(others?.objects(kind) ?? [])],
    completeAction: (id, how) => completeAction(account, id, how),
  }
}

/** What an operation's name tells. */
interface OperationFacts {
  /** Without the names of its parameters: handlers go by it. */
  readonly name: string
  /** The kind of object that it answers with: the last collection in its path. */
  readonly kind: Kind
  readonly isList: boolean
}

/** Remembered across resets. */
function factsOf(operation: string): OperationFacts {
  let facts = knownFacts.get(operation)
  if (facts === undefined) {
    const name = operation.replaceAll(/\{[^}]*\}/g, '{}')
    facts = { name, ...answeredBy(name) }
    knownFacts.set(operation, facts)
  }
  return facts
}

const knownFacts = new Map<string, OperationFacts>()

function answeredBy(name: string): Pick<OperationFacts, 'kind' | 'isList'> {
  const [method = '', path = ''] = name.split(' ')
  const segments = path.split('/').filter((segment) => Object.hasOwn(kindOfCollection, segment))
  const last = segments.at(-1) ?? ''
  return { kind: kindOfCollection[last] as Kind, isList: method === 'GET' && path.endsWith(last) }
}

const kindOfCollection: Readonly<Record<string, Kind>> = {
  balance_transactions: 'balance_transaction',
  charges: 'charge',
  customers: 'customer',
  events: 'event',
  payment_intents: 'payment_intent',
  payment_methods: 'payment_method',
  prices: 'price',
  products: 'product',
  refunds: 'refund',
  webhook_endpoints: 'webhook_endpoint',
}

/** Runs one of Stripe's handlers for an exchange and writes its object down. */
function answering(account: Account, { kind, isList }: OperationFacts, handler: StripeHandler): Handler {
  return (exchange) => {
    const { path, query, body } = exchange.input
    const parameters = exchange.method === 'GET' || body === undefined ? query : isNode(body) ? body : {}
    const cause: Cause = {
      exchange: exchange.id,
      requestId: exchange.requestId,
      idempotencyKey: exchange.idempotencyKey ?? null,
      onEvent: () => (exchange.eventful = true),
    }
    const paths = expandPaths(parameters, kind, isList)
    const ids = Object.values(path)
    const apiVersion = versionIn(exchange.headers)
    const object = handler({ account, cause, apiVersion, id: ids[0] ?? '', ids, parameters })
    exchange.summary = summaryOf(object)
    const answer = expanded(account, object, kind, paths)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: new JsonBody(answer) }
  }
}

function summaryOf(object: StripeObject | ListObject): string {
  if ('data' in object && object.object === 'list') return `list of ${(object as ListObject).data.length}`
  const { id, status, deleted } = object as StripeObject & { status?: unknown }
  if (deleted === true) return `${id} deleted`
  return typeof status === 'string' ? `${id} ${status}` : id
}
