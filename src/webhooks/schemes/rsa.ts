import { constants } from 'node:crypto'
import { certificateOf, isValidAt } from '../certificate.ts'
import { publicKeySigner } from './public-key-signer.ts'
import { type SchemeKind } from './scheme-kind.ts'

/** An RSA signature (PKCS #1 v1.5) whose key is in a certificate. */
export const rsa: SchemeKind = ({ signature }) =>
  publicKeySigner({
    signature,
    hash: signature.hash ?? 'sha256',
    options: { padding: constants.RSA_PKCS1_PADDING },
    keyOf(text, atMs) {
      const certificate = certificateOf(text)
      if (certificate === undefined || !isValidAt(certificate, atMs)) return 'certificate_refused'
      return certificate.publicKey
    },
    fits: ({ asymmetricKeyType }) => asymmetricKeyType === 'rsa',
  })
