import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { type Scheme } from '../providers/scheme.ts'
import { type HashClaim, type TokenFacts } from '../providers/token-facts.ts'
import { type Arrived } from './arrived.ts'
import { leafKey } from './certificate-chain.ts'
import { isSignedBy, type JsonWebToken, parseToken } from './json-web-token.ts'
import { keptKeys } from './kept-keys.ts'
import { valueAt } from './parsed-body.ts'
import { type RejectReason } from './reject-reason.ts'
import { keyWithId, secretKeys } from './secret-key.ts'
import { carrierReader } from './signature-carrier.ts'
import { type Held, type SignatureCheck } from './signature-check.ts'
import { sameText } from './same-text.ts'
import { staleness } from './signed-time.ts'
import { strictDecode } from './strict-decode.ts'

/** Makes the check of a scheme whose signature is a token that says what it is for. */
export function tokenCheck(scheme: Scheme): SignatureCheck {
  const facts: TokenFacts = scheme.token ?? { algorithms: [] }
  const carriedBy = carrierReader(scheme)
  const keysOf = keyFinder(scheme, facts)

  return (arrived, held) => {
    const carried = carriedBy(arrived)
    if (typeof carried === 'string') return carried
    const token = parseToken(carried.signatures[0] ?? '')
    if (token === undefined) return 'token_malformed'
    const algorithm = facts.algorithms.find((name) => name === token.header.alg)
    if (algorithm === undefined) return 'algorithm_refused'

    const keys = keysOf(token, held)
    if (typeof keys === 'string') return keys
    let refused: RejectReason = 'signature_mismatch'
    for (const { key, id, secretIndex } of keys) {
      if (!isSignedBy(token, algorithm, key)) continue
      const wrong = claimsProblem(token, arrived, facts, id) ?? timeProblem(token, scheme, facts, held)
      if (wrong !== undefined) {
        refused = wrong
        continue
      }
      const { bodyClaim } = facts
      const bodySigned =
        scheme.bodyForm !== 'not-signed' &&
        (bodyClaim === undefined || Object.hasOwn(token.claims, bodyClaim.name) || arrived.body.length === 0)
      const signedAtMs = signingTime(token, scheme)
      return signedAtMs === undefined ? { secretIndex, bodySigned } : { secretIndex, bodySigned, signedAtMs }
    }
    return refused
  }
}

interface CandidateKey {
  readonly key: KeyObject
  readonly id?: string | undefined
  readonly secretIndex: number
}

type KeyFinder = (token: JsonWebToken, held: Held) => readonly CandidateKey[] | RejectReason

function keyFinder(scheme: Scheme, facts: TokenFacts): KeyFinder {
  const { form } = scheme.key
  if (form === 'jwks-by-kid') {
    return (token, { secrets }) => {
      const found = secrets.flatMap((text, secretIndex) => {
        const own = jsonWebKey(text)
        return own.key !== undefined && own.kid === token.header.kid ? [{ key: own.key, secretIndex }] : []
      })
      return found.length === 0 ? 'key_unknown' : found
    }
  }
  const { chain } = facts
  if (form === 'root-certificates' && chain !== undefined) {
    return (token, { secrets }) => {
      const encoded = token.header.x5c
      const atMs = token.claims[chain.validAt]
      if (!Array.isArray(encoded) || typeof atMs !== 'number') return 'certificate_refused'
      const certificates = encoded.map((each) => (typeof each === 'string' ? strictDecode(each, 'base64') : undefined))
      if (certificates.includes(undefined)) return 'certificate_refused'
      const found = leafKey(
        certificates.filter((each) => each !== undefined),
        secrets,
        chain,
        atMs,
      )
      return found === undefined ? 'certificate_refused' : [{ key: found.key, secretIndex: found.rootIndex }]
    }
  }
  const secretsOf = secretKeys(scheme.key)
  return (_token, { secrets }) =>
    secrets.flatMap((secret, secretIndex) => {
      const own = keyWithId(scheme.key, secret)
      return own === undefined ? [] : secretsOf(own.text).map((key) => ({ key, id: own.id, secretIndex }))
    })
}

/** A public key as JSON (RFC 7517), with the id that tokens name it by. */
const jsonWebKey = keptKeys((text): { readonly kid?: unknown; readonly key?: KeyObject } => {
  try {
    const jwk = JSON.parse(text) as Record<string, unknown>
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return typeof jwk.kid === 'string' ? { kid: jwk.kid, key } : {}
  } catch {
    return {}
  }
})

/** Why the claims are not those of a delivery to this receiver. */
function claimsProblem(
  { claims }: JsonWebToken,
  arrived: Arrived,
  { claims: expected = {}, requiredClaims = [], bodyClaim, urlClaim }: TokenFacts,
  keyId: string | undefined,
): RejectReason | undefined {
  if (requiredClaims.some((name) => (valueOf(claims, name) ?? '') === '')) return 'claim_missing'
  for (const [name, value] of Object.entries(expected)) {
    const wanted = typeof value === 'string' ? filledIn(value, arrived, keyId) : value
    if (wanted === undefined) return 'setting_missing'
    const given = valueOf(claims, name)
    if (given === undefined) return 'claim_missing'
    if (
      !(Array.isArray(given) ? given : [given]).some((each) =>
        Array.isArray(wanted) ? wanted.includes(each) : each === wanted,
      )
    ) {
      return 'claim_mismatch'
    }
  }
  return (
    hashProblem(claims, bodyClaim, arrived.body, arrived.body.length > 0) ??
    hashProblem(claims, urlClaim, Buffer.from(arrived.url), true)
  )
}

function valueOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  return valueAt(claims, name.startsWith('/') ? name : `/${name}`)
}

/** The value that a claim must have; `undefined` where a setting of the receiver's is not given. */
function filledIn(template: string, arrived: Arrived, keyId: string | undefined): string | undefined {
  if (template === '{key_id}') return keyId
  const [, setting] = /^\{config:(.*)\}$/.exec(template) ?? []
  return setting === undefined ? template : arrived.config(setting)
}

function hashProblem(
  claims: Readonly<Record<string, unknown>>,
  facts: HashClaim | undefined,
  bytes: Uint8Array,
  hasContent: boolean,
): RejectReason | undefined {
  if (facts === undefined) return undefined
  const { name, hash, encoding, required } = facts
  const given = valueOf(claims, name)
  if (given === undefined) {
    return required === true || (required === 'with-body' && hasContent) ? 'body_hash_missing' : undefined
  }
  const expected = createHash(hash).update(bytes).digest(encoding)
  return typeof given === 'string' && sameText(given, expected) ? undefined : 'body_hash_mismatch'
}

/** Why the token is not good now: what it says itself of its time, and how old the scheme lets it be. */
function timeProblem(
  { claims }: JsonWebToken,
  scheme: Scheme,
  facts: TokenFacts,
  held: Held,
): RejectReason | undefined {
  const { clockToleranceMs = 0 } = facts
  const { timestamp } = scheme
  for (const name of ['exp', 'nbf', 'iat']) {
    if (claims[name] !== undefined && !isTime(claims[name])) return 'timestamp_malformed'
  }
  const { exp, nbf, iat } = claims as Record<string, number | undefined>
  const nowS = Math.floor(held.nowMs / 1000)
  const slackS = clockToleranceMs / 1000
  if (exp !== undefined && nowS - slackS >= exp) return 'too_old'
  if (nbf !== undefined && nbf > nowS + slackS) return 'too_new'
  if (timestamp === null || timestamp.carrier.in !== 'jwt-claim') return undefined
  const signed = claims[timestamp.carrier.name]
  if (signed === undefined) return 'timestamp_missing'
  if (!isTime(signed)) return 'timestamp_malformed'
  if (timestamp.carrier.name !== 'exp')
    return staleness(timestamp, timestamp.unit === 's' ? signed * 1000 : signed, held)
  return iat !== undefined && iat > nowS + slackS ? 'too_new' : undefined
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e15
}

function signingTime({ claims }: JsonWebToken, { timestamp }: Scheme): number | undefined {
  const name = timestamp === null || timestamp.carrier.name === 'exp' ? 'iat' : timestamp.carrier.name
  const value = claims[name]
  if (!isTime(value)) return undefined
  return timestamp?.unit === 'ms' ? value : value * 1000
}
