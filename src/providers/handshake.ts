import { type UrlRules } from './url-rules.ts'

/** Where a value of a request stands: a JSON pointer into its body, or in a header, the query or a form. */
export type Place = `/${string}` | `header:${string}` | `query:${string}` | `form:${string}`

/** What a place must hold. Without a further field: anything that is text or a number. */
export type Condition =
  | { readonly at: Place; readonly is?: string | number }
  /** Regular expression of the whole value. */
  | { readonly at: Place; readonly matches: string }
  | { readonly at: Place; readonly holds: 'nothing' | 'empty-list' }

/** A value that only the account's owner and the provider know: any other sender is refused. */
export interface Expectation {
  readonly at: Place
  /** Name of the setting that holds the value. */
  readonly config: string
}

/** The value that a handshake turns on. */
export interface Challenge {
  readonly at: Place
  /** Regular expression of the whole value; any other is refused. @default letters, digits and `._~+/=-`, 512 at most */
  readonly matches?: string
}

interface HandshakeFacts {
  /** What tells it from an ordinary delivery. */
  readonly request: { readonly method: 'GET' | 'HEAD' | 'POST'; readonly when: readonly Condition[] }
  /** It is signed as deliveries are, and answered only when the signature is good. */
  readonly signed: boolean
  /** The provider sends some with a wrong signature as well, and wants 401 for those. @default false */
  readonly alsoForged?: boolean
  readonly expects?: Expectation
  /** The provider gives up when there is no answer by then. */
  readonly answerWithinMs?: number
  /** `documented`: read in the provider's documents or source. `unchecked`: general knowledge. @default 'documented' */
  readonly basis?: 'documented' | 'unchecked'
}

/** A request that only wants to see that somebody is there. */
export interface AcknowledgeHandshake extends HandshakeFacts {
  readonly kind: 'acknowledge'
  readonly answer: { readonly status: 200 | 204; readonly json?: Readonly<Record<string, string | number>> }
}

/** A value that must come back: as it is, or as its digest under the account's key. */
export interface EchoHandshake extends HandshakeFacts {
  readonly kind: 'echo'
  readonly challenge: Challenge
  /** The digest of the challenge that `{hmac}` stands for, in hex, keyed as deliveries are. */
  readonly hmac?: 'sha1' | 'sha256'
  /** Templates: `{challenge}` and `{hmac}` for the values, `{key_id}` for the id of the key. */
  readonly answer: { readonly text: string } | { readonly json: Readonly<Record<string, string>> }
}

/** The provider chooses the secret that signs from now on, and sends it. */
export interface CaptureHandshake extends HandshakeFacts {
  readonly kind: 'capture'
  readonly challenge: Challenge
  /** Header in which the secret goes back. @default it does not */
  readonly echoHeader?: string
}

/** An address that must be visited to confirm that deliveries are wanted. */
export interface VisitHandshake extends HandshakeFacts {
  readonly kind: 'visit'
  readonly urlAt: Place
  readonly allowed: UrlRules
}

/** One exchange that a provider wants to have before, or between, its deliveries. */
export type Handshake = AcknowledgeHandshake | EchoHandshake | CaptureHandshake | VisitHandshake
