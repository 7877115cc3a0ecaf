import { sameSecret } from '../same-text.ts'
import { type SchemeKind } from './scheme-kind.ts'
import { unusableKey } from './unusable-key.ts'

/** A name and a password with a colon between them, as browsers send them (RFC 7617). */
export const basic: SchemeKind = () => ({
  sign(_content, secret) {
    if (!isPair(secret)) throw unusableKey('the user and the password with a colon between them')
    return Buffer.from(secret).toString('base64')
  },
  refusal(_content, secret, signatures) {
    const expected = Buffer.from(secret).toString('base64')
    let found = false
    for (const given of signatures) if (isPair(secret) && sameSecret(given, expected)) found = true
    return found ? undefined : 'signature_mismatch'
  },
})

/** A colon alone is what is left where neither name nor password was set. */
function isPair(secret: string): boolean {
  return secret.includes(':') && secret !== ':'
}
