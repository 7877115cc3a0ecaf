import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import { GoodfenceError } from '../../core/errors.ts'
import { secretKeys } from '../secret-key.ts'
import { type Content, type SchemeKind } from './scheme-kind.ts'

/** A digest keyed with a secret that both sides know (RFC 2104). */
export const hmac: SchemeKind = ({ signature, key }) => {
  const { hash = 'sha256', encoding = 'hex', hexCase = 'any' } = signature
  const keyOf = secretKeys(key)
  const foldCase = encoding === 'hex' && hexCase === 'any'

  function digest(content: Content, secret: KeyObject): string {
    const mac = createHmac(hash, secret)
    for (const chunk of content) mac.update(chunk)
    return mac.digest(encoding)
  }

  return {
    sign(content, secret) {
      const usable = keyOf(secret)
      if (usable !== undefined) return digest(content, usable)
      throw new GoodfenceError('usage', 'The signing secret is empty or not in the form in which it is issued.', {
        mend: 'pass the signing secret as the provider shows it',
      })
    },
    matches(content, secret, signatures) {
      const usable = keyOf(secret)
      if (usable === undefined) return false
      const expected = Buffer.from(digest(content, usable))
      let found = false
      for (const signature of signatures) {
        const given = Buffer.from(foldCase ? signature.toLowerCase() : signature)
        // The text is compared, not what a lenient decoder makes of it. Its length is no secret.
        if (given.length === expected.length && timingSafeEqual(given, expected)) found = true
      }
      return found
    },
  }
}
