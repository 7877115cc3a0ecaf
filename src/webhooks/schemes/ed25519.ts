import { publicKeys } from '../public-key.ts'
import { publicKeySigner } from './public-key-signer.ts'
import { type SchemeKind } from './scheme-kind.ts'

/** An Edwards curve signature (RFC 8032). */
export const ed25519: SchemeKind = ({ signature, key }) => {
  const keyOf = publicKeys(key)
  return publicKeySigner({
    signature,
    hash: null,
    keyOf: (text) => keyOf(text) ?? 'signature_mismatch',
    fits: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519',
  })
}
