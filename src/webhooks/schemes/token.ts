import { sameSecret } from '../same-text.ts'
import { type SchemeKind } from './scheme-kind.ts'
import { unusableKey } from './unusable-key.ts'

/** The secret itself, sent along with every delivery. */
export const token: SchemeKind = () => ({
  sign(_content, secret) {
    if (secret === '') throw unusableKey()
    return secret
  },
  refusal(_content, secret, signatures) {
    let found = false
    for (const given of signatures) if (secret !== '' && sameSecret(given, secret)) found = true
    return found ? undefined : 'signature_mismatch'
  },
})
