import { GoodfenceError } from '../core/errors.ts'
import { type Scheme, type TimestampFacts } from '../providers/scheme.ts'
import { hmac } from './schemes/hmac.ts'
import { type Content, type SchemeKind, type Signer } from './schemes/scheme-kind.ts'
import { readCarried, writeCarried } from './signature-carrier.ts'
import { signedContent, type ContentValues } from './signed-content.ts'

/** Why a delivery was not believed. For logs and tests: a stranger is told none of it. */
export type RejectReason =
  | 'header_missing'
  /** A security header came twice; one of the two is not the provider's. */
  | 'header_repeated'
  | 'header_malformed'
  | 'timestamp_missing'
  | 'timestamp_malformed'
  | 'signature_missing'
  | 'signature_mismatch'
  /** Genuine, but older than the tolerance: a replay, or a clock that runs ahead. */
  | 'too_old'
  /** Genuine, but dated further ahead than the tolerance. */
  | 'too_new'

/** What signing and verifying need beside body and secret, where the scheme signs it. */
export interface SignedParts {
  /** @default 'POST' */
  readonly method?: string
  /** The address as the provider called it. */
  readonly url?: string
  /** Values that only the receiver's account knows. */
  readonly config?: Readonly<Record<string, string>>
}

export interface SignOptions extends SignedParts {
  /** Several while a secret is being rolled: the delivery carries a signature of each. */
  readonly secret: string | readonly string[]
  readonly body: Uint8Array
  readonly timestampMs: number
  /** Headers that the scheme signs along, such as a message id. They are part of the answer. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface VerifyOptions extends SignedParts {
  readonly headers: Headers
  /** The bytes as they arrived, never a body that was parsed and printed again. */
  readonly body: Uint8Array
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
      /** Place of the secret that matched: once the old one is never seen again it can go. */
      readonly secretIndex: number
      /** When the delivery was signed, where the scheme says so. */
      readonly signedAtMs?: number
    }
  | { readonly ok: false; readonly reason: RejectReason }

/**
 * Signs a delivery as the provider does and answers the headers it is sent with.
 *
 * Throws `usage` for a secret that cannot sign and for a scheme that is not supported.
 */
export function sign(scheme: Scheme, options: SignOptions): Record<string, string> {
  const { signer, contentOf } = compiled(scheme)
  const { secret, timestampMs, headers } = options
  const timestamp = scheme.timestamp === null ? '' : carriedTime(scheme.timestamp, timestampMs)
  const content = contentOf(valuesOf(options, timestamp, headerOf(headers)))
  if (content === undefined) {
    throw new GoodfenceError('usage', `The scheme "${scheme.id}" signs a header or setting that was not given.`, {
      mend: `give every value that "${scheme.signedContent}" names`,
    })
  }
  const secrets = typeof secret === 'string' ? [secret] : secret
  const signatures = secrets.map((each) => signer.sign(content, each))
  const carried = writeCarried(scheme, { signatures, timestamp })
  return headers === undefined ? carried : { ...headers, ...carried }
}

/**
 * Says whether a delivery comes from who holds one of the secrets, and is fresh.
 *
 * Works on raw bytes, in constant time, and throws nothing whatever arrives; only a scheme that is not
 * supported throws `usage`. Age is judged after the signature, so `too_old` means genuine but old.
 */
export function verify(scheme: Scheme, options: VerifyOptions): Verdict {
  const { signer, contentOf } = compiled(scheme)
  const { headers, secrets } = options
  const carried = readCarried(scheme, headers)
  if (typeof carried === 'string') return { ok: false, reason: carried }

  const signedAtMs = scheme.timestamp === null ? undefined : timeOf(scheme.timestamp, carried.timestamp)
  if (scheme.timestamp !== null && signedAtMs === undefined) return { ok: false, reason: 'timestamp_malformed' }

  const content = contentOf(valuesOf(options, carried.timestamp, (name) => headers.get(name) ?? undefined))
  if (content === undefined) return { ok: false, reason: 'header_missing' }
  const secretIndex = secrets.findIndex((secret) => signer.matches(content, secret, carried.signatures))
  if (secretIndex < 0) return { ok: false, reason: 'signature_mismatch' }
  if (scheme.timestamp === null || signedAtMs === undefined) return { ok: true, secretIndex }

  const stale = staleness(scheme.timestamp, signedAtMs, options)
  return stale === undefined ? { ok: true, secretIndex, signedAtMs } : { ok: false, reason: stale }
}

/** Throws `usage` when the scheme is not supported: better at the start than at the first delivery. */
export function requireScheme(scheme: Scheme): void {
  compiled(scheme)
}

interface Compiled {
  readonly signer: Signer
  readonly contentOf: (values: ContentValues) => Content | undefined
}

/** Every type of signature that can be made and checked so far. */
const kinds: Partial<Record<Scheme['signature']['type'], SchemeKind>> = { hmac }

const compiledSchemes = new WeakMap<Scheme, Compiled>()

function compiled(scheme: Scheme): Compiled {
  const known = compiledSchemes.get(scheme)
  if (known !== undefined) return known
  const { type, syntax, carrier } = scheme.signature
  const kind = kinds[type]
  const readable = carrier?.in === 'header' && (syntax === 'bare' || syntax === 'pairs' || syntax === 'list')
  if (kind === undefined || !readable || scheme.signedContent === null) {
    throw new GoodfenceError('usage', `Signatures of type ${type} (scheme "${scheme.id}") are not supported.`, {
      mend: `use a scheme whose type is one of ${Object.keys(kinds).join(', ')}`,
    })
  }
  const fresh = { signer: kind(scheme), contentOf: signedContent(scheme.signedContent) }
  compiledSchemes.set(scheme, fresh)
  return fresh
}

function valuesOf(
  { body, method = 'POST', url = '', config = {} }: SignedParts & { readonly body: Uint8Array },
  ts: string,
  header: ContentValues['header'],
): ContentValues {
  return { body, ts, method, url, header, config: (name) => config[name] }
}

/** Finds a header whatever the case of its name. */
function headerOf(headers: Readonly<Record<string, string>> | undefined): ContentValues['header'] {
  if (headers === undefined) return () => undefined
  const lowerCased = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => lowerCased.get(name.toLowerCase())
}

function carriedTime({ unit }: TimestampFacts, atMs: number): string {
  if (unit === 'iso8601') return new Date(atMs).toISOString()
  return String(unit === 's' ? Math.floor(atMs / 1000) : Math.floor(atMs))
}

/** Digits only: what follows a number is either signed along or a stranger's. */
function timeOf({ unit }: TimestampFacts, text: string): number | undefined {
  if (unit === 'iso8601') {
    const atMs = /^\d{4}-\d\d-\d\dT[\d:.]{5,15}(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
    return Number.isNaN(atMs) ? undefined : atMs
  }
  if (!/^\d{1,15}$/.test(text)) return undefined
  return unit === 's' ? Number(text) * 1000 : Number(text)
}

function staleness(
  { unit, tolerancePastMs, toleranceFutureMs }: TimestampFacts,
  signedAtMs: number,
  { nowMs, toleranceMs = tolerancePastMs, futureToleranceMs = toleranceFutureMs }: VerifyOptions,
): RejectReason | undefined {
  // Age counts in the unit that is carried, as the providers' own libraries count it.
  const ageMs = (unit === 's' ? Math.floor(nowMs / 1000) * 1000 : nowMs) - signedAtMs
  if (toleranceMs !== null && ageMs > toleranceMs) return 'too_old'
  if (futureToleranceMs !== null && -ageMs > futureToleranceMs) return 'too_new'
  return undefined
}
