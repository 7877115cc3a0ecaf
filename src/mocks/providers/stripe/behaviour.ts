import { type Random, randomToken } from '../../../core/random.ts'
import { stripe } from '../../../providers/stripe.ts'
import { type Behaviour } from '../../behaviour.ts'
import { type Exchange } from '../../exchange.ts'
import { type Refusal } from '../../refusal.ts'
import { acceptsVersion, versionIn } from './api-version.ts'
import { accountOf, authenticate } from './authenticate.ts'
import { errorBody, stripeRefusal } from './error.ts'
import { stripeIdempotency } from './idempotency.ts'
import { invalid } from './invalid.ts'
import { shown } from './parameters.ts'
import { stripeLife } from './stripe-life.ts'

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
  accepts: (request) => acceptsVersion(request) ?? acceptsContent(request),
  invalid,
  // Searches are not in our slice, where their paths look like those of an object.
  lacks: ({ params }) => Object.values(params).includes('search'),
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
  start: stripeLife,
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
    'stripe-version': versionIn(request.headers),
  }
  if (idempotencyKey === undefined) return headers
  headers['idempotency-key'] = idempotencyKey
  headers['original-request'] = requestId
  return headers
}

/** Version 1 of the API takes forms only. */
function acceptsContent(request: Request): Refusal | undefined {
  const type = request.headers.get('content-type')
  if (type === null || request.method !== 'POST') return undefined
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type.trim())) return undefined
  return {
    ...stripeRefusal(
      400,
      'invalid_request_error',
      undefined,
      `Invalid request (check that your POST content type is application/x-www-form-urlencoded, not ${shown(type)}). If you have any questions, we can help at https://support.stripe.com/.`,
    ),
    unexecuted: true,
  }
}
