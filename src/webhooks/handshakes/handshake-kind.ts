import { type Challenge, type Handshake, type Place } from '../../providers/handshake.ts'
import { type UrlRules } from '../../providers/url-rules.ts'

/** An answer as it is written to the wire. */
export interface HandshakeReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** `''`: none. */
  readonly body: string
}

/** Why a handshake was refused. For logs: a stranger is told none of it. */
export type HandshakeRefusal =
  /** The value to echo is longer or other than the provider's are. */
  | 'challenge_malformed'
  /** The sender does not know what only the provider was told. */
  | 'expectation_unmet'
  /** The setting that the sender's value is compared with is missing. */
  | 'not_configured'
  /** There is no secret to make the digest with. */
  | 'no_secret'
  /** A secret was sent while none is awaited. */
  | 'capture_closed'
  /** The address to visit is not one of the provider's. */
  | 'address_refused'

/** An address that must be visited to confirm that deliveries are wanted. */
export interface Visit {
  readonly url: string
  readonly allowed: UrlRules
}

/** What becomes of a handshake: an answer, with what it brought, or the reason of a refusal. */
export type HandshakeResult =
  | (HandshakeReply & { readonly captured?: string; readonly visit?: Visit })
  | HandshakeRefusal

/** Reads the value at a place; `undefined` where there is none, or more than one. */
export type ValueAt = (place: Place) => unknown

/** What a kind may use of a request that was recognised. */
export interface HandshakeTools<Facts extends Handshake = Handshake> {
  readonly handshake: Facts
  readonly valueAt: ValueAt
  /** The digest of a text in hex, keyed as deliveries are; `undefined` without a secret. */
  readonly digest: (hash: 'sha1' | 'sha256', text: string) => string | undefined
  /** The id of the key, where keys have one. */
  readonly keyId?: string | undefined
  readonly config: Readonly<Record<string, string>>
  /** A secret is awaited. */
  readonly mayCapture: boolean
}

/** An answer as the provider sees it. */
export interface SeenAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** One way to shake hands: what the receiver answers, and what the provider makes of an answer. */
export interface HandshakeKind<Facts extends Handshake> {
  answer(tools: HandshakeTools<Facts>): HandshakeResult
  /** The provider's half: whether this is the answer it wants. `tools` read the request that it sent. */
  accepts(tools: HandshakeTools<Facts>, answer: SeenAnswer): boolean
}

/** The value of a challenge, where it looks as the provider's do. */
export function challengeValue({ at, matches = plainToken }: Challenge, valueAt: ValueAt): string | undefined {
  const value = valueAt(at)
  return typeof value === 'string' && value.length <= maxLength && whole(matches).test(value) ? value : undefined
}

/** Asks whether a text matches a pattern from end to end. */
export function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`)
}

export function isSuccess({ status }: SeenAnswer): boolean {
  return status >= 200 && status <= 299
}

/** Longer than any provider's. What comes back must not be a stage for somebody else's text. */
const maxLength = 1_024
const plainToken = String.raw`[\w.~+/=-]{1,512}`
