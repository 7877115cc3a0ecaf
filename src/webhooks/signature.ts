import { createHash } from 'node:crypto'
import { type Scheme } from '../providers/scheme.ts'
import { allowedUrl } from './allowed-url.ts'
import { Arrived, type SignedParts } from './arrived.ts'
import { detachedCheck } from './detached-signature.ts'
import { makeSigning } from './make-signature.ts'
import { valueAt } from './parsed-body.ts'
import { type RejectReason } from './reject-reason.ts'
import { keepsItsId, type ReplayProtection } from './replay-protection.ts'
import { itemsAt } from './scheme-items.ts'
import { sameText } from './same-text.ts'
import { type Genuine, type Held, type SignatureCheck } from './signature-check.ts'
import { tokenCheck } from './token-signature.ts'

export interface SignOptions extends SignedParts {
  /**
   * Several while a secret is being rolled: the delivery carries a signature of each, where it can. Asymmetric schemes
   * take a private key in PEM or as a JSON Web Key; one whose token brings its certificates takes them behind the key.
   */
  readonly secret: string | readonly string[]
  readonly body: Uint8Array
  readonly timestampMs: number
  /** Headers that go along; some schemes sign them. They are part of the answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** Id of the message, where the scheme signs one and neither headers nor body have it. */
  readonly messageId?: string | undefined
}

/** What is sent: bytes and address are those that were given, unless the signature stands in them. */
export interface SignedDelivery {
  readonly headers: Record<string, string>
  readonly body: Uint8Array
  readonly url: string | undefined
}

export interface VerifyOptions extends SignedParts {
  readonly headers: Headers
  /** The bytes as they arrived, never a body that was parsed and printed again. */
  readonly body: Uint8Array
  /** Newest first. Where keys are fetched, the certificate in PEM or the keys as JSON Web Keys, one text each. */
  readonly secrets: readonly string[]
  readonly nowMs: number
  /** How old a delivery may be; `null`: any age. @default the scheme's own tolerance */
  readonly toleranceMs?: number | null | undefined
  /** How far ahead a delivery may be dated; `null`: any distance. @default the scheme's own tolerance */
  readonly futureToleranceMs?: number | null | undefined
}

export type Verdict =
  | {
      readonly ok: true
      /** Place of the secret that matched, the last one of several items': once the old one is never seen it can go. */
      readonly secretIndex: number
      /** When the delivery was signed, where the scheme says so. */
      readonly signedAtMs?: number
      /** False where the signature says nothing of the body: anybody could have written it. */
      readonly bodySigned: boolean
      /** What tells this delivery from itself, when somebody sends it again. */
      readonly replayProtection: ReplayProtection
    }
  | { readonly ok: false; readonly reason: RejectReason }

/**
 * Signs a delivery as the provider does and answers what it is sent with.
 *
 * Throws `usage` for a key that cannot sign, for a value that is signed and was not given, and for a scheme that is not
 * supported.
 */
export function sign(scheme: Scheme, options: SignOptions): SignedDelivery {
  return compiled(scheme).sign(options)
}

/**
 * Says whether a delivery comes from who holds one of the secrets, and is fresh.
 *
 * Works on raw bytes, in constant time, and throws nothing whatever arrives; only a scheme that is not
 * supported throws `usage`. Age is judged after the signature, so `too_old` means genuine but old.
 */
export function verify(scheme: Scheme, options: VerifyOptions): Verdict {
  const { check, demanding, idProtection } = compiled(scheme)
  const arrived = new Arrived(scheme, options.headers, options.body, options)
  const unmet = demanding ? unmetDemand(scheme, arrived) : undefined
  if (unmet !== undefined) return { ok: false, reason: unmet }
  const found = scheme.items === undefined ? check(arrived, options) : checkItems(check, arrived, scheme.items, options)
  if (typeof found === 'string') return { ok: false, reason: found }

  const { secretIndex, signedAtMs, bodySigned } = found
  const replayProtection = hasLimit(scheme, options) ? 'timestamp' : idProtection
  return signedAtMs === undefined
    ? { ok: true, secretIndex, bodySigned, replayProtection }
    : { ok: true, secretIndex, signedAtMs, bodySigned, replayProtection }
}

/** Asks whether a delivery becomes too old to be believed, by a time that is signed. */
function hasLimit({ timestamp }: Scheme, { toleranceMs }: VerifyOptions): boolean {
  if (timestamp === null || !timestamp.signed) return false
  return (toleranceMs === undefined ? timestamp.tolerancePastMs : toleranceMs) !== null
}

/** Throws `usage` when the scheme is not supported: better at the start than at the first delivery. */
export function requireScheme(scheme: Scheme): void {
  compiled(scheme)
}

interface Compiled {
  readonly check: SignatureCheck
  readonly sign: (options: SignOptions) => SignedDelivery
  /** It asks for more than a signature. */
  readonly demanding: boolean
  /** What protects where no age does. */
  readonly idProtection: ReplayProtection
}

const compiledSchemes = new WeakMap<Scheme, Compiled>()

function compiled(scheme: Scheme): Compiled {
  const known = compiledSchemes.get(scheme)
  if (known !== undefined) return known
  const fresh: Compiled = {
    check: checkOf(scheme),
    sign: makeSigning(scheme),
    demanding: isDemanding(scheme),
    idProtection: keepsItsId(scheme) ? 'dedupe-only' : 'none',
  }
  compiledSchemes.set(scheme, fresh)
  return fresh
}

function isDemanding({ fixedHeaders, requiredHeaders, versionField, ownerField, bodyHash, key }: Scheme): boolean {
  const demands = [fixedHeaders, requiredHeaders, versionField, ownerField, bodyHash, key.urlFrom]
  return demands.some((demand) => demand !== undefined)
}

function checkOf(scheme: Scheme): SignatureCheck {
  if (scheme.signature.type === 'none') return () => ({ secretIndex: -1, bodySigned: false })
  return scheme.token === undefined ? detachedCheck(scheme) : tokenCheck(scheme)
}

/** Every item must be genuine, and there must be one. */
function checkItems(check: SignatureCheck, arrived: Arrived, pointer: string, held: Held): Genuine | RejectReason {
  const items = itemsAt(arrived.json(), pointer)
  if (items === undefined || items.length === 0) return 'body_malformed'
  let last: Genuine | undefined
  for (const item of items) {
    arrived.enter(item)
    const found = check(arrived, held)
    if (typeof found === 'string') return found
    if (last === undefined || found.secretIndex > last.secretIndex) last = found
  }
  return last ?? 'body_malformed'
}

/** What a delivery must have beside its signature, and has not. */
function unmetDemand(scheme: Scheme, arrived: Arrived): RejectReason | undefined {
  const { fixedHeaders, requiredHeaders, versionField, ownerField, bodyHash, key } = scheme
  if (fixedHeaders !== undefined) {
    for (const name of Object.keys(fixedHeaders)) {
      const value = arrived.header(name)
      if (value === undefined) return arrived.missing ?? 'header_missing'
      if (value !== fixedHeaders[name]) return 'version_refused'
    }
  }
  if (requiredHeaders?.some((name) => (arrived.anyHeader(name) ?? '') === '') === true) return 'header_missing'
  if (versionField !== undefined && valueAt(arrived.json(), versionField.at) !== versionField.value) {
    return arrived.json() === undefined ? 'body_malformed' : 'version_refused'
  }
  if (ownerField !== undefined) {
    const owner = arrived.setting(ownerField.config)
    if (owner !== undefined && valueAt(arrived.json(), ownerField.at) !== owner) return 'owner_mismatch'
  }
  if (bodyHash !== undefined) {
    const given = arrived.carried(bodyHash.carrier)
    if (given === undefined) return 'body_hash_missing'
    const digest = createHash(bodyHash.hash).update(arrived.body).digest(bodyHash.encoding)
    if (!sameText(given, digest)) return 'body_hash_mismatch'
  }
  if (key.urlFrom !== undefined && key.urlMust !== undefined) {
    const url = arrived.carried(key.urlFrom)
    if (url === undefined || url === '') return arrived.missing ?? 'value_missing'
    if (allowedUrl(url, key.urlMust) === undefined) return 'key_refused'
  }
  return undefined
}
