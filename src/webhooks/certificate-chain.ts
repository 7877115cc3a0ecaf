import { type KeyObject } from 'node:crypto'
import { type ChainFacts } from '../providers/token-facts.ts'
import { certificateOf, isValidAt, readCertificate } from './certificate.ts'
import { hasExtension } from './certificate-extension.ts'

/**
 * The key that signs under a chain of certificates in DER, the first one's, and the place of the root that the chain ends
 * at; `undefined` for a chain that is not the scheme's, not valid at that time, or does not end at one of the roots.
 */
export function leafKey(
  chain: readonly Uint8Array[],
  roots: readonly string[],
  { length, leafOid, intermediateOid }: ChainFacts,
  atMs: number,
): { readonly key: KeyObject; readonly rootIndex: number } | undefined {
  if (chain.length !== length) return undefined
  const certificates = chain.map(readCertificate)
  const [leaf, intermediate] = certificates
  const last = certificates.at(-1)
  if (leaf === undefined || intermediate === undefined || last === undefined) return undefined
  const trusted = roots.map(certificateOf)
  const rootIndex = trusted.findIndex((each) => each?.raw.equals(last.raw) === true)
  const root = trusted[rootIndex]
  if (root === undefined || !hasExtension(leaf.raw, leafOid) || !hasExtension(intermediate.raw, intermediateOid)) {
    return undefined
  }
  for (const [index, certificate] of certificates.entries()) {
    const issuer = certificates[index + 1] ?? root
    const issued = certificate?.checkIssued(issuer) === true && certificate.verify(issuer.publicKey) && issuer.ca
    if (certificate === undefined || !issued || !isValidAt(certificate, atMs)) return undefined
  }
  return { key: leaf.publicKey, rootIndex }
}
