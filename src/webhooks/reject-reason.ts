/** Why a delivery was not believed. For logs and tests: a stranger is told none of it. */
export type RejectReason =
  | 'header_missing'
  /** A security header came twice; one of the two is not the provider's. */
  | 'header_repeated'
  | 'header_malformed'
  /** The scheme reads a query or form parameter that is not there. */
  | 'value_missing'
  | 'value_repeated'
  /** The scheme reads values in a body that cannot be read so. */
  | 'body_malformed'
  /** What is signed is not of the form in which the provider writes it. */
  | 'content_malformed'
  /** The receiver was not given a setting that is signed, or demanded. */
  | 'setting_missing'
  | 'timestamp_missing'
  | 'timestamp_malformed'
  | 'signature_missing'
  | 'signature_mismatch'
  /** The digest of the body that is signed is not there, or another body's. */
  | 'body_hash_missing'
  | 'body_hash_mismatch'
  /** Made in a version or with an algorithm other than the scheme's: a downgrade, or a newer scheme. */
  | 'version_refused'
  | 'algorithm_refused'
  /** No key of the receiver's has the id that the delivery names. */
  | 'key_unknown'
  /** The delivery names a key in a place that is not the provider's. */
  | 'key_refused'
  /** Not valid now, not made for this, or not issued under a root that is trusted. */
  | 'certificate_refused'
  | 'token_malformed'
  | 'claim_missing'
  | 'claim_mismatch'
  /** Signed by the provider, but for another account of its. */
  | 'owner_mismatch'
  /** Genuine, but older than the tolerance: a replay, or a clock that runs ahead. */
  | 'too_old'
  /** Genuine, but dated further ahead than the tolerance. */
  | 'too_new'
