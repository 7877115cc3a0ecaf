import { publicKeys } from '../public-key.ts'
import { publicKeySigner } from './public-key-signer.ts'
import { type SchemeKind } from './scheme-kind.ts'

/** An elliptic curve signature (FIPS 186-5) in the DER form. */
export const ecdsa: SchemeKind = ({ signature, key }) => {
  const keyOf = publicKeys(key)
  return publicKeySigner({
    signature,
    hash: signature.hash ?? 'sha256',
    options: { dsaEncoding: 'der' },
    keyOf: (text) => keyOf(text) ?? 'signature_mismatch',
    fits: ({ asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve === 'prime256v1',
  })
}
