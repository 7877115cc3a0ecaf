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
  /** `{config:NAME}`: the account chooses it, and the setting NAME says what it chose. */
  readonly name: string
  /** Field of a multipart body that holds the JSON. */
  readonly field?: string
}

/** Digests that providers use. */
export type DigestName = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** How a signature is made, and how it is taken out of its carrier. */
export interface SignatureFacts {
  readonly type: 'hmac' | 'hash' | 'rsa' | 'ecdsa' | 'ed25519' | 'jwt' | 'jws-x5c' | 'token' | 'basic' | 'none'
  readonly hash?: DigestName
  /** Algorithms among which an account chooses; the setting names the one that counts. */
  readonly algorithms?: AlgorithmChoice
  readonly carrier?: Carrier
  /** Several headers, each with the signature of one key. */
  readonly carriers?: readonly { readonly name: string; readonly keyId: string }[]
  /** Header with a number in place of `{n}`, counting from 1: any of them may hold the signature. */
  readonly carriersPattern?: string
  /** The header may come several times, each with a signature. @default false, and a second one is refused */
  readonly repeatable?: boolean
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
  /** `exact`: only lower-case digits are accepted. @default 'exact' */
  readonly hexCase?: 'exact' | 'any'
  /** Curve of an `ecdsa` key. */
  readonly curve?: 'P-256'
}

/** How the algorithm of an account is told. */
export interface AlgorithmChoice {
  /** The setting that names one of `of`. */
  readonly setting: string
  readonly of: Readonly<Record<string, Algorithm>>
}

export interface Algorithm {
  readonly type: 'hmac' | 'hash'
  readonly hash: DigestName
  /** What is signed, where it differs from the scheme's own. */
  readonly signedContent?: string
}
