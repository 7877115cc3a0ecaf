import { createHmac } from 'node:crypto'
import { type Condition, type Handshake } from '../providers/handshake.ts'
import { type Scheme } from '../providers/scheme.ts'
import { acknowledge } from './handshakes/acknowledge.ts'
import { capture } from './handshakes/capture.ts'
import { echo } from './handshakes/echo.ts'
import {
  type HandshakeRefusal,
  type HandshakeReply,
  type HandshakeResult,
  type HandshakeTools,
  type SeenAnswer,
  type ValueAt,
  type Visit,
  whole,
} from './handshakes/handshake-kind.ts'
import { visit } from './handshakes/visit.ts'
import { placeReader, type ReceivedRequest } from './place-reader.ts'
import { sameSecret } from './same-text.ts'
import { keyWithId, secretKeys } from './secret-key.ts'

/** What the answer to a handshake is made with. */
export interface HandshakeKeys {
  /** Newest first, as for `verify`: a digest is made with the first. */
  readonly secrets: readonly string[]
  /** Values that only the account's owner and the provider know, such as `verify_token`. @default none */
  readonly config?: Readonly<Record<string, string>> | undefined
  /** A secret that the provider sends is taken. @default only while there are no secrets */
  readonly mayCapture?: boolean | undefined
}

/** The answer to a request that is no delivery. */
export interface HandshakeAnswer extends HandshakeReply {
  readonly kind: Handshake['kind']
  /** `verification`: answer so only once the signature is known to be good. */
  readonly after: 'nothing' | 'verification'
  /** Why the answer says no. */
  readonly refused?: HandshakeRefusal
  /** The secret that signs deliveries from now on: keep it before answering. */
  readonly captured?: string
  /** An address to visit, by a guarded fetch, before answering. */
  readonly visit?: Visit
  /** The answer to one with a wrong signature, where the provider is particular about it. */
  readonly forged?: HandshakeReply
}

/**
 * The answer to what a provider asks of a receiver before or between its deliveries; `undefined` for an
 * ordinary delivery and for whatever else arrives. Pure; throws nothing whatever arrives.
 *
 * When the answer must wait for verification and several secrets are good, ask again with the one that
 * matched: its digest is what the provider expects.
 *
 * @example
 * const answer = answerHandshake(slack, { method: 'POST', url, headers, body }, { secrets })
 */
export function answerHandshake(
  scheme: Scheme,
  request: ReceivedRequest,
  keys: HandshakeKeys,
): HandshakeAnswer | undefined {
  if (scheme.handshakes === undefined) return undefined
  const valueAt = placeReader(request)
  const handshake = scheme.handshakes.find(
    ({ request: { method, when } }) => method === request.method && when.every((each) => holds(each, valueAt(each.at))),
  )
  if (handshake === undefined) return undefined

  const tools = toolsFor(scheme, valueAt, keys)
  const unmet = expectationUnmet(handshake, tools)
  const result = unmet ?? answerOf(handshake, tools)
  const { kind, signed, alsoForged = false } = handshake
  return {
    kind,
    after: signed ? 'verification' : 'nothing',
    ...(typeof result === 'string' ? { ...refusal(statuses[result]), refused: result } : sealed(result)),
    ...(alsoForged ? { forged: refusal(401) } : {}),
  }
}

/** The methods by which a scheme's handshakes come, besides that of its deliveries. */
export function handshakeMethods({ handshakes = [], request: { method } }: Scheme): readonly string[] {
  return [...new Set(handshakes.map((each) => each.request.method))].filter((each) => each !== method)
}

/** The provider's half: whether an answer is what it wants of the handshake that it sent. */
export function acceptsAnswer(
  scheme: Scheme,
  handshake: Handshake,
  sent: ReceivedRequest,
  answer: SeenAnswer,
  keys: HandshakeKeys,
): boolean {
  const tools = toolsFor(scheme, placeReader(sent), keys)
  switch (handshake.kind) {
    case 'acknowledge':
      return acknowledge.accepts({ ...tools, handshake }, answer)
    case 'echo':
      return echo.accepts({ ...tools, handshake }, answer)
    case 'capture':
      return capture.accepts({ ...tools, handshake }, answer)
    case 'visit':
      return visit.accepts({ ...tools, handshake }, answer)
  }
}

type Tools = Omit<HandshakeTools, 'handshake'>

function answerOf(handshake: Handshake, tools: Tools): HandshakeResult {
  switch (handshake.kind) {
    case 'acknowledge':
      return acknowledge.answer({ ...tools, handshake })
    case 'echo':
      return echo.answer({ ...tools, handshake })
    case 'capture':
      return capture.answer({ ...tools, handshake })
    case 'visit':
      return visit.answer({ ...tools, handshake })
  }
}

const statuses: Readonly<Record<HandshakeRefusal, number>> = {
  challenge_malformed: 400,
  expectation_unmet: 403,
  not_configured: 403,
  capture_closed: 403,
  address_refused: 403,
  no_secret: 503,
}

function refusal(status: number): HandshakeReply {
  return sealed({ status, headers: {}, body: '' })
}

/** No answer is kept by a cache, and none is taken for what it does not say that it is. */
function sealed<Reply extends HandshakeReply>(reply: Reply): Reply {
  return { ...reply, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...reply.headers } }
}

function holds(condition: Condition, value: unknown): boolean {
  if ('holds' in condition) {
    if (condition.holds === 'nothing') return value === undefined
    return Array.isArray(value) && value.length === 0
  }
  if ('matches' in condition) return typeof value === 'string' && whole(condition.matches).test(value)
  if (condition.is !== undefined) return value === condition.is
  return typeof value === 'string' || typeof value === 'number'
}

function expectationUnmet({ expects }: Handshake, { valueAt, config }: Tools): HandshakeRefusal | undefined {
  if (expects === undefined) return undefined
  const expected = Object.hasOwn(config, expects.config) ? config[expects.config] : undefined
  if (expected === undefined || expected === '') return 'not_configured'
  const given = valueAt(expects.at)
  return sameSecret(typeof given === 'string' ? given : '', expected) ? undefined : 'expectation_unmet'
}

function toolsFor(scheme: Scheme, valueAt: ValueAt, keys: HandshakeKeys): Tools {
  const { secrets, config = {}, mayCapture = secrets.length === 0 } = keys
  const key = keyWithId(scheme.key, secrets[0] ?? '')
  const digest: Tools['digest'] = (name, text) => {
    const [usable] = key === undefined || key.text === '' ? [] : keysOf(scheme)(key.text)
    return usable === undefined ? undefined : createHmac(name, usable).update(text).digest('hex')
  }
  return { valueAt, digest, keyId: key?.id, config, mayCapture }
}

const keptKeys = new WeakMap<Scheme, ReturnType<typeof secretKeys>>()

function keysOf(scheme: Scheme): ReturnType<typeof secretKeys> {
  let keys = keptKeys.get(scheme)
  if (keys === undefined) keptKeys.set(scheme, (keys = secretKeys(scheme.key)))
  return keys
}
