/** A claim that is a digest. */
export interface HashClaim {
  readonly name: string
  readonly hash: 'sha256'
  readonly encoding: 'hex' | 'base64'
  /** `with-body`: only of a delivery that has one. */
  readonly required: boolean | 'with-body'
}

/** What a signed token (RFC 7519) must say beside being signed. */
export interface TokenFacts {
  /** Any other, `none` above all, is refused. */
  readonly algorithms: readonly ('HS256' | 'HS384' | 'HS512' | 'RS256' | 'ES256')[]
  /** The claim that binds the body. */
  readonly bodyClaim?: HashClaim
  /** The claim that binds the address called. */
  readonly urlClaim?: HashClaim
  /**
   * Claims with their values, or the list of values that are good. A name that begins with a slash is a JSON pointer.
   * `{config:name}` stands for a setting, `{key_id}` for the id of the key.
   */
  readonly claims?: Readonly<Record<string, string | boolean | readonly string[]>>
  readonly requiredClaims?: readonly string[]
  /** By how much the two clocks may differ. @default 0 */
  readonly clockToleranceMs?: number
  /** The chain of certificates that the token brings along. */
  readonly chain?: ChainFacts
}

export interface ChainFacts {
  /** How many certificates, the root included. */
  readonly length: number
  /** Extension that marks the first certificate. */
  readonly leafOid: string
  /** Extension that marks the second one. */
  readonly intermediateOid: string
  /** Claim with the moment, in milliseconds, at which all must be valid. */
  readonly validAt: string
}
