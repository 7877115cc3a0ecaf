import { X509Certificate, type KeyObject } from 'node:crypto'
import { type ChainFacts } from '../providers/token-facts.ts'
import { certificateOf, isValidAt } from './certificate.ts'
import { hasExtension } from './certificate-extension.ts'

/**
 * The key that signs under a chain of certificates in DER, the first one's; `undefined` for a chain that is not the
 * scheme's, not valid at that time, or does not end at one of the roots.
 */
export function leafKey(
  chain: readonly Uint8Array[],
  roots: readonly string[],
  { length, leafOid, intermediateOid }: ChainFacts,
  atMs: number,
): KeyObject | undefined {
  if (chain.length !== length) return undefined
  const certificates = chain.map(read)
  const [leaf, intermediate] = certificates
  const last = certificates.at(-1)
  if (leaf === undefined || intermediate === undefined || last === undefined) return undefined
  const root = roots.map(certificateOf).find((trusted) => trusted?.raw.equals(last.raw) === true)
  if (root === undefined || !hasExtension(leaf.raw, leafOid) || !hasExtension(intermediate.raw, intermediateOid)) {
    return undefined
  }
  for (const [index, certificate] of certificates.entries()) {
    const issuer = certificates[index + 1] ?? root
    const issued = certificate?.checkIssued(issuer) === true && certificate.verify(issuer.publicKey) && issuer.ca
    if (certificate === undefined || !issued || !isValidAt(certificate, atMs)) return undefined
  }
  return leaf.publicKey
}

function read(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}
