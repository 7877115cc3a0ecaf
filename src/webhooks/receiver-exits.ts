import { lightResponse } from '../core/light.ts'

/** Every way in which the receiver ends, by what became of the delivery. */
export type ReceiverOutcome =
  | 'stored'
  | 'duplicate'
  | 'revived'
  | 'conflict'
  | 'quarantined'
  | 'not_found'
  | 'method_not_allowed'
  | 'encoding_unsupported'
  | 'body_too_large'
  | 'body_too_slow'
  | 'body_unreadable'
  | 'body_consumed'
  | 'rejected'
  | 'no_secret'
  | 'inbox_full'
  | 'inbox_failed'
  | 'failed'

interface Exit {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const received: Exit = { status: 200, body: '{"received":true}' }
const again: Exit = { status: 200, body: '{"received":true,"duplicate":true}' }
const later = { 'retry-after': '5' }
/** The rest of the body is not wanted: the socket cannot be used again. */
const close = { connection: 'close' }

/**
 * The answer at each exit. A stranger learns nothing: every refused signature gets the same one. What is
 * genuine gets 2xx once it is stored, also when we cannot read it, since a provider gives up on an
 * endpoint that refuses; what is not stored never gets 2xx.
 */
const exits: Readonly<Record<ReceiverOutcome, Exit>> = {
  stored: received,
  revived: received,
  quarantined: received,
  duplicate: again,
  conflict: again,
  not_found: refusal(404, 'no webhooks are received at this path'),
  method_not_allowed: refusal(405, 'webhooks are received by POST', { allow: 'POST' }),
  encoding_unsupported: refusal(415, 'send the body without a content encoding'),
  body_too_large: refusal(413, 'the body is too large', close),
  body_too_slow: refusal(408, 'the body took too long', close),
  body_unreadable: refusal(400, 'the body broke off', close),
  body_consumed: refusal(
    500,
    'the body was read before its signature could be checked: mount the receiver before any body parser, or hand it the raw bytes',
  ),
  rejected: refusal(401, 'the signature is not valid'),
  no_secret: refusal(503, 'not ready', later),
  inbox_full: refusal(503, 'too much is waiting', later),
  inbox_failed: refusal(503, 'not stored', later),
  failed: refusal(500, 'the receiver failed'),
}

function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Exit {
  return { status, body: JSON.stringify({ error }), headers }
}

/** The status with which an outcome is answered. */
export function statusOf(outcome: ReceiverOutcome): number {
  return exits[outcome].status
}

/** The answer to a delivery that ended so. */
export function answer(outcome: ReceiverOutcome): Response {
  const { status, body, headers } = exits[outcome]
  return lightResponse(body, {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  })
}
