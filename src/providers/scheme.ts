import { type Handshake } from './handshake.ts'

/** Where a value of a delivery stands. A JSON pointer names a place in a JSON body, a plain name everything else. */
export interface Carrier {
  readonly in:
    | 'header'
    | 'query'
    | 'query-or-form'
    | 'form'
    | 'json'
    | 'multipart-json'
    | 'signature-field'
    | 'jwt-claim'
  readonly name: string
}

/** How a signature is made, and how it is taken out of its carrier. */
export interface SignatureFacts {
  readonly type: 'hmac' | 'hash' | 'rsa' | 'ecdsa' | 'ed25519' | 'jwt' | 'jws-x5c' | 'token' | 'basic' | 'none'
  readonly hash?: 'sha1' | 'sha256' | 'sha512'
  readonly carrier?: Carrier
  /**
   * `bare`: the value is prefix and signature. `pairs`: items `k=v`. `list`: prefixed items.
   * `keyed-list`: items of key id and signature.
   */
  readonly syntax: 'bare' | 'pairs' | 'list' | 'keyed-list' | 'jwt' | 'none'
  readonly encoding?: 'hex' | 'base64' | 'base64url'
  /** Literal text before each signature. */
  readonly prefix?: string
  /** A verifier accepts the signature without its prefix. @default false */
  readonly prefixOptional?: boolean
  readonly itemSeparator?: string
  readonly pairSeparator?: string
  /** Name of the pair that holds a signature; pairs of other names are ignored. */
  readonly signatureField?: string
  /** Name of the pair that holds the timestamp. */
  readonly timestampField?: string
  /** Spaces around items are ignored. @default false */
  readonly trim?: boolean
  /** `any`: one matching signature is enough. `own-key-id`: only the one of the receiver's key counts. @default 'any' */
  readonly match?: 'any' | 'own-key-id'
  /** `exact`: only lower-case digits are accepted. @default 'any' */
  readonly hexCase?: 'exact' | 'any'
}

/** How the text that a provider issues becomes the bytes of a key. */
export interface KeyFacts {
  readonly role: 'shared-secret' | 'public-key' | 'certificate' | 'trust-anchor' | 'token' | 'basic' | 'none'
  readonly form: 'utf8' | 'base64' | 'hex' | 'base64-if-prefixed' | 'utf8-or-base64' | 'sha1-of-utf8' | 'none'
  /** What issued texts begin with. */
  readonly prefix?: string
  /** The prefix is signed with, not only decoration. @default false */
  readonly prefixIsPartOfKey?: boolean
}

/** When a delivery says it was signed, and how old or early that may be. */
export interface TimestampFacts {
  readonly carrier: Carrier
  readonly unit: 's' | 'ms' | 'iso8601'
  /** How far in the past a timestamp may lie; `null`: no limit is set. */
  readonly tolerancePastMs: number | null
  /** How far in the future a timestamp may lie; `null`: no limit is set. */
  readonly toleranceFutureMs: number | null
  readonly toleranceBasis: 'sdk' | 'docs' | 'secondary' | 'sdk-option' | 'none'
  /** The timestamp is part of what is signed. */
  readonly signed: boolean
}

/** Where a delivery tells which event it brings: a JSON pointer, or `header:NAME`, `query:NAME`, `form:NAME`. */
export interface EventFacts {
  /** Stays the same however often the event is delivered. */
  readonly id?: string
  readonly type?: string
  readonly time?: string
}

/**
 * How one provider signs its deliveries, as plain data: signing and verifying interpret it and know no
 * provider by name.
 */
export interface Scheme {
  readonly id: string
  readonly title: string
  readonly request: { readonly method: string; readonly contentType: string }
  readonly signature: SignatureFacts
  /**
   * Template of the signed bytes: literals stand for themselves, `{body}` for the raw body, `{ts}` for
   * the timestamp as carried, `{url}` for the address called, `{header:N}`, `{query:N}`, `{form:N}`,
   * `{json:/pointer}` and `{config:name}` for values. `null`: nothing is signed.
   */
  readonly signedContent: string | null
  readonly bodyForm: 'raw' | 'reserialized' | 'decoded-form' | 'hashed' | 'parsed-fields' | 'not-signed'
  readonly key: KeyFacts
  readonly timestamp: TimestampFacts | null
  /** How old and new keys overlap, in a sentence. */
  readonly rotation?: string
  readonly event: EventFacts
  /** What the provider asks of a receiver before or between deliveries. @default nothing */
  readonly handshakes?: readonly Handshake[]
  readonly confidence: Confidence
  readonly sources: readonly string[]
}

/** `verified`: tried against the provider's own library. `documented`: read there. `uncertain`: neither. */
export type Confidence = 'verified' | 'documented' | 'uncertain'
