import { type Random, randomToken } from '../../../core/random.ts'
import { isNode } from '../../../openapi/model.ts'
import { stripe } from '../../../providers/stripe.ts'
import { type Behaviour, type Handler, type Life, type World } from '../../behaviour.ts'
import { type Exchange } from '../../exchange.ts'
import { type Refusal } from '../../refusal.ts'
import { documentLife } from '../../resources/document-life.ts'
import { jsonText } from '../../resources/json-text.ts'
import { type Account, type Cause, type StripeObject, openAccount } from './account.ts'
import { accountOf, authenticate } from './authenticate.ts'
import { balanceTransactionHandlers } from './balance-transactions.ts'
import { chargeHandlers } from './charges.ts'
import { completeAction } from './complete-action.ts'
import { customerHandlers } from './customers.ts'
import { errorBody, stripeRefusal } from './error.ts'
import { eventHandlers } from './event-handlers.ts'
import { expanded } from './expand.ts'
import { stripeIdempotency } from './idempotency.ts'
import { invalid } from './invalid.ts'
import { type ListObject, type StripeHandler } from './objects.ts'
import { paymentIntentHandlers } from './payment-intents.ts'
import { paymentMethodHandlers } from './payment-methods.ts'
import { priceHandlers } from './prices.ts'
import { productHandlers } from './products.ts'
import { refundHandlers } from './refunds.ts'
import { webhookEndpointHandlers } from './webhook-endpoints.ts'

const json = { 'content-type': 'application/json' }

/** What Stripe says and does beyond its document. */
export const stripeBehaviour: Behaviour = {
  name: 'stripe',
  errorAnswer: (refusal, exchange) => ({
    status: refusal.status,
    headers: { ...json, ...refusal.headers },
    body: JSON.stringify(errorBody(refusal, exchange.requestId), null, 2),
  }),
  headers: headersOf,
  tenantOf: accountOf,
  authenticate,
  acceptsContent,
  invalid,
  unknownUrl: ({ method, path }) =>
    stripeRefusal(
      404,
      'invalid_request_error',
      undefined,
      `Unrecognized request URL (${method}: ${path.slice(0, 200)}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    ),
  idempotency: stripeIdempotency,
  requestId: (random: Random) => `req_${randomToken(random, 14)}`,
  requestIdHeader: 'request-id',
  faultRefusal,
  rateLimited: () => ({
    ...faultRefusal(429, stripe.rateLimit.refusal.code),
    headers: { 'stripe-rate-limited-reason': 'global-rate' },
  }),
  start,
}

/** What Stripe says with a status, whoever made it say so. */
function faultRefusal(status: number, code: string | undefined): Refusal {
  if (status === 429)
    return stripeRefusal(
      429,
      'invalid_request_error',
      code ?? 'rate_limit',
      'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
    )
  if (status === 402) return stripeRefusal(402, 'card_error', code ?? 'card_declined', 'Your card was declined.')
  if (status === 409)
    return stripeRefusal(
      409,
      'invalid_request_error',
      code ?? 'lock_timeout',
      'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.',
    )
  if (status >= 500) return stripeRefusal(status, 'api_error', code, 'An unknown error occurred')
  return stripeRefusal(status, 'invalid_request_error', code, 'The request could not be carried out.')
}

function headersOf(request: Request, { requestId, idempotencyKey }: Exchange): Record<string, string> {
  const headers: Record<string, string> = {
    'request-id': requestId,
    'stripe-version': request.headers.get('stripe-version') ?? defaultVersion,
  }
  if (idempotencyKey === undefined) return headers
  headers['idempotency-key'] = idempotencyKey
  headers['original-request'] = requestId
  return headers
}

/** The version that an account has when a request names none: the one that the slice describes. */
const defaultVersion = '2023-08-16'

/** Version 1 of the API takes forms only. */
function acceptsContent(request: Request): Refusal | undefined {
  const type = request.headers.get('content-type')
  if (type === null || request.method !== 'POST') return undefined
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type.trim())) return undefined
  return {
    ...stripeRefusal(
      400,
      'invalid_request_error',
      'parameter_unknown',
      'Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.',
    ),
    unexecuted: true,
  }
}

function start(world: World): Life {
  const account = openAccount(world, defaultVersion)
  const handlers: Readonly<Record<string, StripeHandler>> = {
    ...customerHandlers,
    ...paymentMethodHandlers,
    ...paymentIntentHandlers,
    ...chargeHandlers,
    ...refundHandlers,
    ...productHandlers,
    ...priceHandlers,
    ...balanceTransactionHandlers,
    ...eventHandlers(world.webhooks),
    ...webhookEndpointHandlers(world.webhooks),
  }
  const wrapped = new Map<string, Handler>()
  let others: Life | undefined
  /** What Stripe's own document has beyond what is known here lives by the document alone. */
  const beyond = () => (others ??= documentLife(world))
  return {
    handler(operation) {
      const { method, template } = operation
      const name = `${method} ${template.replaceAll(/\{[^}]*\}/g, '{}')}`
      let handler = wrapped.get(name)
      if (handler === undefined && handlers[name] !== undefined) {
        handler = answering(account, handlers[name])
        wrapped.set(name, handler)
      }
      return handler ?? beyond().handler(operation)
    },
    objects: (kind) => [...world.store.of(kind).all(), ...(others?.objects(kind) ?? [])],
    completeAction: (id, how) => completeAction(account, id, how),
  }
}

/** Runs one of Stripe's handlers for an exchange and writes its object down. */
function answering(account: Account, handler: StripeHandler): Handler {
  return (exchange) => {
    const { path, query, body } = exchange.input
    const parameters = exchange.method === 'GET' || body === undefined ? query : isNode(body) ? body : {}
    const cause: Cause = {
      exchange: exchange.id,
      requestId: exchange.requestId,
      idempotencyKey: exchange.idempotencyKey ?? null,
      onEvent: () => (exchange.eventful = true),
    }
    const ids = Object.values(path)
    const object = handler({ account, cause, id: ids[0] ?? '', ids, parameters })
    exchange.summary = summaryOf(object)
    const answer = expanded(account, object, parameters)
    return { status: 200, headers: json, body: jsonText(answer) }
  }
}

function summaryOf(object: StripeObject | ListObject): string {
  if ('data' in object && object.object === 'list') return `list of ${(object as ListObject).data.length}`
  const { id, status, deleted } = object as StripeObject & { status?: unknown }
  if (deleted === true) return `${id} deleted`
  return typeof status === 'string' ? `${id} ${status}` : id
}
