import { createHash, type KeyObject } from 'node:crypto'
import { type Scheme } from '../providers/scheme.ts'
import { type HashClaim, type TokenFacts } from '../providers/token-facts.ts'
import { fits, makeToken } from './json-web-token.ts'
import { type Outgoing, setAt } from './outgoing.ts'
import { privateKeyOf } from './private-key.ts'
import { keyWithId, secretKeys } from './secret-key.ts'
import { unusableKey } from './schemes/unusable-key.ts'
import { carriedText } from './signature-carrier.ts'
import { type SignOptions } from './signature.ts'
import { valueAt } from './parsed-body.ts'

/** How long after it is made a token is good, where it says so. */
const lifetimeS = 300

/** Makes the function that puts the signed token of a scheme into a delivery. */
export function makeTokenSigning(scheme: Scheme, facts: TokenFacts) {
  return (out: Outgoing, [secret = '']: readonly string[], options: SignOptions): void => {
    const { carrier } = scheme.signature
    if (carrier === undefined) return
    const own = keyWithId(scheme.key, secret)
    const { key, header } = signingKey(scheme, own?.text ?? '')
    const alg = facts.algorithms.find((name) => fits(name, key))
    if (alg === undefined) throw unusableKey(`a key for ${facts.algorithms.join(' or ')}`)
    const claims =
      scheme.bodyForm === 'jws-payload'
        ? payloadOf(out, scheme, facts, options)
        : claimsOf(out, scheme, facts, own?.id, options)
    const token = makeToken({ alg, ...header, typ: 'JWT' }, claims, key)
    if (scheme.bodyForm === 'jws-payload') out.setJson({})
    out.put(carrier, carriedText(scheme, { signatures: [token] }))
  }
}

interface SigningKey {
  readonly key: KeyObject
  /** What the token says of its key. */
  readonly header: Readonly<Record<string, unknown>>
}

function signingKey(scheme: Scheme, text: string): SigningKey {
  if (scheme.key.role === 'shared-secret') {
    const [key] = secretKeys(scheme.key)(text)
    if (key === undefined) throw unusableKey()
    return { key, header: {} }
  }
  const key = privateKeyOf(text)
  if (key === undefined) throw unusableKey('a private key in PEM or as a JSON Web Key')
  if (text.startsWith('{')) return { key, header: { kid: (JSON.parse(text) as { kid?: unknown }).kid } }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  return {
    key,
    header:
      certificates.length === 0 ? {} : { x5c: certificates.map((pem) => pem.replaceAll(/-----[^-]*-----|\s/g, '')) },
  }
}

function claimsOf(
  out: Outgoing,
  scheme: Scheme,
  { claims: fixed = {}, requiredClaims = [], bodyClaim, urlClaim }: TokenFacts,
  keyId: string | undefined,
  { timestampMs, messageId }: SignOptions,
): Record<string, unknown> {
  const arrived = out.arrived()
  const issuedS = Math.floor(timestampMs / 1000)
  const claims: Record<string, unknown> = { iat: issuedS }
  const ends = scheme.timestamp?.carrier.name === 'exp' || requiredClaims.includes('exp')
  if (ends) Object.assign(claims, { nbf: issuedS, exp: issuedS + lifetimeS })
  for (const [name, value] of Object.entries(fixed)) {
    const [, setting] = typeof value === 'string' ? (/^\{config:(.*)\}$/.exec(value) ?? []) : []
    const own =
      value === '{key_id}'
        ? keyId
        : setting === undefined
          ? Array.isArray(value)
            ? value[0]
            : value
          : arrived.config(setting)
    if (own === undefined) throw out.lacking()
    setAt(claims, name.startsWith('/') ? name : `/${name}`, own)
  }
  if (bodyClaim !== undefined && (bodyClaim.required !== 'with-body' || out.body.length > 0)) {
    claims[bodyClaim.name] = digestOf(bodyClaim, out.body)
  }
  if (urlClaim !== undefined) claims[urlClaim.name] = digestOf(urlClaim, Buffer.from(out.url ?? ''))
  const id = messageId ?? createHash('sha256').update(String(timestampMs)).update(out.body).digest('hex').slice(0, 32)
  return { ...claims, jti: id }
}

/** The body itself is what the token says. */
function payloadOf(
  out: Outgoing,
  scheme: Scheme,
  facts: TokenFacts,
  { timestampMs }: SignOptions,
): Record<string, unknown> {
  const payload = out.json() as Record<string, unknown>
  const arrived = out.arrived()
  if (scheme.timestamp !== null) payload[scheme.timestamp.carrier.name] = timestampMs
  for (const [pointer, value] of Object.entries(facts.claims ?? {})) {
    const [, setting] = typeof value === 'string' ? (/^\{config:(.*)\}$/.exec(value) ?? []) : []
    if (setting === undefined || valueAt(payload, pointer) !== undefined) continue
    const own = arrived.config(setting)
    if (own === undefined) throw out.lacking()
    setAt(payload, pointer, own)
  }
  return payload
}

function digestOf({ hash, encoding }: HashClaim, bytes: Uint8Array): string {
  return createHash(hash).update(bytes).digest(encoding)
}
