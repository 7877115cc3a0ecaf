import { createHmac, type KeyObject, sign as makeSignature, verify as checkSignature } from 'node:crypto'
import { type TokenFacts } from '../providers/token-facts.ts'
import { isTooDeep } from './json-depth.ts'
import { sameText } from './same-text.ts'
import { strictDecode } from './strict-decode.ts'

export type TokenAlgorithm = TokenFacts['algorithms'][number]

/** A token taken apart (RFC 7515, section 7.1). Nothing in it is believed yet. */
export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** What is signed. */
  readonly signed: string
  readonly signature: Buffer
}

/** Reads a token; `undefined` for text that is none, and for one with extensions that must be understood. */
export function parseToken(text: string): JsonWebToken | undefined {
  const parts = text.split('.', 4)
  const [head, payload, tail] = parts
  if (parts.length !== 3 || head === undefined || payload === undefined || tail === undefined) return undefined
  const header = objectOf(head)
  const claims = objectOf(payload)
  const signature = strictDecode(tail, 'base64url')
  if (header === undefined || claims === undefined || signature === undefined || 'crit' in header) return undefined
  return { header, claims, signed: `${head}.${payload}`, signature }
}

/** Writes and signs a token. */
export function makeToken(
  header: Readonly<Record<string, unknown>> & { readonly alg: TokenAlgorithm },
  claims: Readonly<Record<string, unknown>>,
  key: KeyObject,
): string {
  const signed = `${base64url(header)}.${base64url(claims)}`
  const bytes = Buffer.from(signed)
  const signature =
    key.type === 'secret' ? digest(header.alg, signed, key) : makeSignature(hashOf(header.alg), bytes, inJws(key))
  return `${signed}.${Buffer.from(signature).toString('base64url')}`
}

/** Asks whether a token is signed by a key that goes with its algorithm. The caller has checked the algorithm. */
export function isSignedBy({ signed, signature }: JsonWebToken, algorithm: TokenAlgorithm, key: KeyObject): boolean {
  if (!fits(algorithm, key)) return false
  if (key.type === 'secret') {
    return sameText(signature.toString('base64url'), digest(algorithm, signed, key).toString('base64url'))
  }
  try {
    return checkSignature(hashOf(algorithm), Buffer.from(signed), inJws(key), signature)
  } catch {
    return false
  }
}

/** A public key never keys a digest, and a secret never checks a signature. */
export function fits(algorithm: TokenAlgorithm, { type, asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (algorithm.startsWith('HS')) return type === 'secret'
  if (algorithm === 'RS256') return asymmetricKeyType === 'rsa'
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
}

/** RFC 7518, section 3.4: both numbers one after the other, not DER. RSA keys do not mind. */
function inJws(key: KeyObject): { key: KeyObject; dsaEncoding: 'ieee-p1363' } {
  return { key, dsaEncoding: 'ieee-p1363' }
}

function digest(algorithm: TokenAlgorithm, signed: string, key: KeyObject): Buffer {
  return createHmac(hashOf(algorithm), key).update(signed).digest()
}

function hashOf(algorithm: TokenAlgorithm): string {
  return `sha${algorithm.slice(2)}`
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function objectOf(part: string): Record<string, unknown> | undefined {
  const bytes = strictDecode(part, 'base64url')
  if (bytes === undefined || isTooDeep(bytes)) return undefined
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
