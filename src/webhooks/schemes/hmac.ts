import { createHmac, type KeyObject } from 'node:crypto'
import { type KeyFacts } from '../../providers/key-facts.ts'
import { sameText } from '../same-text.ts'
import { secretKeys } from '../secret-key.ts'
import { type Content, type SchemeKind } from './scheme-kind.ts'
import { unusableKey } from './unusable-key.ts'

/** How the secret looks, where its provider issues it in no other way; undefined for any text. */
function wordsFor({ form, length, prefix = '' }: KeyFacts): string | undefined {
  const start = prefix === '' ? '' : `${prefix} and `
  if (form === 'hex') return `${start}hexadecimal digits, two for each byte`
  if (form === 'base64') return `${start}base64`
  return length === undefined ? undefined : `${length} characters`
}

/** A digest keyed with a secret that both sides know (RFC 2104). */
export const hmac: SchemeKind = ({ signature, key }) => {
  const { hash = 'sha256', encoding = 'hex', hexCase = 'exact' } = signature
  const keysOf = secretKeys(key)
  const foldCase = encoding === 'hex' && hexCase === 'any'

  function digest(content: Content, secret: KeyObject): string {
    const mac = createHmac(hash, secret)
    for (const piece of content) if (typeof piece !== 'symbol') mac.update(piece)
    return mac.digest(encoding)
  }

  return {
    sign(content, secret) {
      const [usable] = keysOf(secret)
      if (usable === undefined) throw unusableKey(wordsFor(key))
      return digest(content, usable)
    },
    refusal(content, secret, signatures) {
      for (const usable of keysOf(secret)) {
        const expected = digest(content, usable)
        let found = false
        for (const given of signatures) {
          // The text is compared, not what a lenient decoder makes of it.
          if (sameText(foldCase ? given.toLowerCase() : given, expected)) found = true
        }
        if (found) return undefined // in which of two forms the secret is a key may show
      }
      return 'signature_mismatch'
    },
  }
}
