import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Random, randomToken } from '../core/random.ts'
import { type Scheme } from '../providers/scheme.ts'
import { type ChainFacts } from '../providers/token-facts.ts'
import { makeCertificate } from './make-certificate.ts'
import { privateKeyOf } from './private-key.ts'
import { type KeyKind, seededKey } from './seeded-keys.ts'

/**
 * Draws what signs a target's deliveries, in the shape that the provider issues: of a shared secret its prefix, then
 * text that its keys are made of. Of an asymmetric scheme it is the private key, with its certificates behind it where
 * the scheme has any.
 */
export function targetSecret(scheme: Scheme, random: Random): string {
  const { key } = scheme
  const id = key.id === 'required' ? `${key.ids?.[0] ?? randomToken(random, 16)}:` : ''
  return id + (isAsymmetric(scheme) ? privateText(scheme, random) : secretText(scheme, random))
}

function secretText({ key: { form, prefix = '', length } }: Scheme, random: Random): string {
  if (form === 'none') return ''
  if (form === 'hex') return prefix + randomToken(random, 64, '0123456789abcdef')
  if (form === 'user-and-password') return `goodfence:${randomToken(random, 32)}`
  if (form !== 'base64' && form !== 'base64-if-prefixed') return prefix + randomToken(random, length ?? 32)
  const bytes = Uint8Array.from({ length: 24 }, () => Math.floor(random() * 256))
  return prefix + Buffer.from(bytes).toString('base64')
}

/** Whether what checks a signature is something else than what makes it. */
export function isAsymmetric({ key: { role } }: Scheme): boolean {
  return role === 'public-key' || role === 'certificate' || role === 'trust-anchor'
}

function privateText(scheme: Scheme, random: Random): string {
  const key = seededKey(kindOf(scheme), random)
  const { form } = scheme.key
  if (form === 'jwks-by-kid') {
    return JSON.stringify({ ...key.export({ format: 'jwk' }), kid: `goodfence-${randomToken(random, 8)}` })
  }
  const pem = key.export({ format: 'pem', type: 'pkcs8' }) as string
  const { chain } = scheme.token ?? {}
  if (chain !== undefined) return pem + chainOf(key, chain, random)
  return form === 'x509-url' ? pem + certificateFor('goodfence', key, { name: 'goodfence', privateKey: key }) : pem
}

function kindOf({ signature, token }: Scheme): KeyKind {
  const elliptic = signature.type === 'ecdsa' || token?.algorithms.includes('ES256') === true
  if (elliptic) return 'p256'
  return signature.type === 'ed25519' ? 'ed25519' : 'rsa'
}

/** The certificates from the key's own to that of the authority that a receiver has to trust. */
function chainOf(key: KeyObject, { leafOid, intermediateOid }: ChainFacts, random: Random): string {
  // Of this kind a signature is the same each time, and so is the certificate that the receiver has to trust.
  const [root, between] = [seededKey('ed25519', random), seededKey('ed25519', random)]
  const authority = { name: 'goodfence root', privateKey: root }
  const issuer = { name: 'goodfence intermediate', privateKey: between }
  return [
    certificateFor('goodfence', key, issuer, { markers: [leafOid], isAuthority: false }),
    certificateFor(issuer.name, between, authority, { markers: [intermediateOid] }),
    certificateFor(authority.name, root, authority),
  ].join('')
}

function certificateFor(
  name: string,
  key: KeyObject,
  issuer: { readonly name: string; readonly privateKey: KeyObject },
  more: { readonly markers?: readonly string[]; readonly isAuthority?: boolean } = {},
): string {
  const span = { notBeforeMs: Date.UTC(2000, 0, 1), notAfterMs: Date.UTC(2099, 0, 1) }
  return makeCertificate({ name, publicKey: createPublicKey(key), issuer, ...span, ...more })
}

/**
 * What a receiver checks signatures with: the secret itself or, of an asymmetric scheme, the public key, the
 * certificate, or that of the authority. `undefined` for a text that is no private key.
 */
export function checkingSecret(scheme: Scheme, secret: string): string | undefined {
  if (!isAsymmetric(scheme)) return secret
  const certificates = secret.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n?/g) ?? []
  const key = privateKeyOf(secret)
  if (key === undefined) return undefined
  const { form } = scheme.key
  if (form === 'x509-url') return certificates[0]
  if (form === 'root-certificates') return certificates.at(-1)
  const open = createPublicKey(key)
  if (form === 'spki-base64') return open.export({ format: 'der', type: 'spki' }).toString('base64')
  const jwk = open.export({ format: 'jwk' })
  if (form === 'raw-hex' || form === 'raw-base64') {
    return Buffer.from(jwk.x ?? '', 'base64url').toString(form === 'raw-hex' ? 'hex' : 'base64')
  }
  return JSON.stringify(secret.startsWith('{') ? { ...jwk, kid: (JSON.parse(secret) as { kid?: string }).kid } : jwk)
}
