import { stripeRefusal } from './error.ts'
import { type Refusal } from '../../refusal.ts'

/** Whose account a request acts for: the connected account it names, or else its key's. */
export function accountOf(request: Request): string {
  return request.headers.get('stripe-account') ?? keyIn(request) ?? ''
}

/** Demands a test key, as a bearer token or as the user of basic authentication. */
export function authenticate(request: Request): Refusal | undefined {
  const key = keyIn(request)
  if (key === undefined || key === '')
    return unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    )
  if (/^[sr]k_test_[A-Za-z0-9_]+$/.test(key)) return undefined
  return unauthorized(`Invalid API Key provided: ${redacted(key)}`)
}

function unauthorized(message: string): Refusal {
  const headers = { 'www-authenticate': 'Bearer realm="Stripe"' }
  return { ...stripeRefusal(401, 'invalid_request_error', undefined, message), headers, unexecuted: true }
}

function keyIn(request: Request): string | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  // A client shows the same key again and again, and each request is asked for it twice.
  if (header !== last.header) last = { header, key: keyOf(header) }
  return last.key
}

let last: { readonly header: string; readonly key: string | undefined } = { header: '', key: undefined }

function keyOf(header: string): string | undefined {
  const [scheme = '', value = ''] = header.trim().split(/\s+/, 2)
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return undefined
  return Buffer.from(value, 'base64').toString('latin1').split(':', 1)[0]
}

/** A key with all but its kind and its last four characters covered: `sk_live_********wxyz`. */
function redacted(key: string): string {
  const kind = /^[a-z]{2}_(?:live|test)_/.exec(key)?.[0] ?? ''
  const rest = key.slice(kind.length)
  const shownEnd = rest.length >= 12 ? rest.slice(-4).replaceAll(/[^\w]/g, '*') : ''
  return `${kind}${'*'.repeat(Math.min(rest.length - shownEnd.length, 24))}${shownEnd}`
}
