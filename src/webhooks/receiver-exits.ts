import { flatHeaders, lightHeaders, trustedHeaders } from '../core/light-headers.ts'
import { lightResponse } from '../core/light.ts'
import { type Random, randomInt } from '../core/random.ts'
import { type AnswerFacts } from '../providers/delivery-facts.ts'

/** Every way in which the receiver ends, by what became of the delivery. */
export type ReceiverOutcome =
  | 'stored'
  | 'duplicate'
  | 'revived'
  | 'conflict'
  | 'quarantined'
  /** Genuine, and without any event. */
  | 'empty'
  /** What a provider asks before or between deliveries was answered, or refused. */
  | 'handshake'
  /** What a handshake asks for could not be done: its sender may try again. */
  | 'handshake_failed'
  | 'not_found'
  | 'method_not_allowed'
  | 'encoding_unsupported'
  | 'body_too_large'
  | 'body_too_slow'
  | 'body_unreadable'
  | 'body_consumed'
  | 'rejected'
  | 'no_secret'
  /** The provider's key, or the secret, could not be had just now. */
  | 'key_unavailable'
  /** Put off because too much is waiting, as the provider will come again. */
  | 'shed'
  | 'inbox_full'
  | 'inbox_failed'
  | 'failed'

interface Exit {
  readonly status: number
  readonly body: string | null
  /** Names and values in turn. */
  readonly headers: readonly string[]
  /** The provider is told when to come again. */
  readonly later?: true
}

/**
 * The answer at each exit. A stranger learns nothing: every refused signature gets the same one. What is
 * genuine gets 2xx once it is stored, also when we cannot read it, since a provider gives up on an
 * endpoint that refuses; what is not stored never gets 2xx.
 */
const exits: Readonly<Record<ReceiverOutcome, Exit>> = {
  stored: exit(200, { received: true }),
  revived: exit(200, { received: true }),
  quarantined: exit(200, { received: true }),
  empty: exit(200, { received: true }),
  handshake: exit(200, { received: true }),
  duplicate: exit(200, { received: true, duplicate: true }),
  conflict: exit(200, { received: true, duplicate: true }),
  not_found: exit(404, { error: 'no webhooks are received at this path' }),
  method_not_allowed: exit(405, { error: 'webhooks are received by POST' }, { allow: 'POST' }),
  encoding_unsupported: exit(
    415,
    { error: 'send the body without a content encoding' },
    { 'accept-encoding': 'identity' },
  ),
  body_too_large: exit(413, { error: 'the body is too large' }),
  body_too_slow: exit(408, { error: 'the body took too long' }),
  body_unreadable: exit(400, { error: 'the body broke off' }),
  body_consumed: exit(500, {
    error:
      'the body was read before its signature could be checked: mount the receiver before any body parser, or hand it the raw bytes',
  }),
  rejected: exit(401, { error: 'the signature is not valid' }),
  handshake_failed: later('not ready'),
  no_secret: later('not ready'),
  key_unavailable: later('not ready'),
  shed: later('too much is waiting'),
  inbox_full: later('too much is waiting'),
  inbox_failed: later('not stored'),
  failed: exit(500, { error: 'the receiver failed' }),
}

function exit(status: number, body: object, more: Readonly<Record<string, string>> = {}): Exit {
  const headers = lightHeaders({ 'content-type': 'application/json', 'cache-control': 'no-store', ...more })
  return { status, body: JSON.stringify(body), headers: flatHeaders(headers) }
}

function later(error: string): Exit {
  return { ...exit(503, { error }), later: true }
}

/** Every outcome that there is. */
export const receiverOutcomes: readonly ReceiverOutcome[] = Object.keys(exits) as ReceiverOutcome[]

/** Senders that were refused together come back between these, and not together. */
const laterS = { min: 5, max: 15 }

/** The status with which an outcome is answered. */
export function statusOf(outcome: ReceiverOutcome): number {
  return exits[outcome].status
}

/**
 * Makes the answer to a delivery that ended so. `wanted` is what the provider wants to read when it was taken; most only
 * look at the status.
 */
export function answerer(wanted: AnswerFacts | undefined, random: Random): (outcome: ReceiverOutcome) => Response {
  const taken = wanted === undefined ? undefined : takenAs(wanted)
  return (outcome) => {
    const usual = exits[outcome]
    const { status, body, headers, later } = usual.status === 200 && taken !== undefined ? taken : usual
    const list = headers.slice()
    if (later === true) list.push('retry-after', `${laterS.min + randomInt(random, laterS.max - laterS.min + 1)}`)
    return lightResponse(body, { status, headers: trustedHeaders(list) })
  }
}

function takenAs({ status, contentType, body }: AnswerFacts): Exit {
  const headers = lightHeaders({
    'cache-control': 'no-store',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
  })
  // A text without a type would be given one; no body has none.
  return { status, body: body === '' ? null : body, headers: flatHeaders(headers) }
}

/** The answer to what is not POST here, with the methods that are. */
export function methodRefusal(allowed: readonly string[]): Response {
  const { status, body, headers } = exits.method_not_allowed
  const list = headers.slice(0, headers.indexOf('allow'))
  return lightResponse(body, { status, headers: trustedHeaders([...list, 'allow', allowed.join(', ')]) })
}

/** The answer to a mistake in how the receiver was mounted: whoever tries it out should read how to mend it. */
export function mountRefusal(mend: string): Response {
  const { status, headers } = exits.body_consumed
  return lightResponse(JSON.stringify({ error: mend }), { status, headers: trustedHeaders(headers.slice()) })
}
