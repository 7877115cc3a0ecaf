import { createHash } from 'node:crypto'
import { sameText } from '../same-text.ts'
import { type Content, type SchemeKind } from './scheme-kind.ts'
import { unusableKey } from './unusable-key.ts'

/** A plain digest of text that the secret is part of. */
export const hash: SchemeKind = ({ signature }) => {
  const { hash: name = 'sha256', encoding = 'hex', hexCase = 'exact' } = signature
  const foldCase = encoding === 'hex' && hexCase === 'any'

  function digest(content: Content, secret: string): string {
    const state = createHash(name)
    let text = '' // that stands together is digested together: every call into OpenSSL costs as much as 300 bytes
    for (const piece of content) {
      if (typeof piece !== 'object') {
        text += typeof piece === 'symbol' ? secret : piece
        continue
      }
      if (text !== '') state.update(text)
      text = ''
      state.update(piece)
    }
    if (text !== '') state.update(text)
    return state.digest(encoding)
  }

  return {
    sign(content, secret) {
      if (secret === '') throw unusableKey()
      return digest(content, secret)
    },
    refusal(content, secret, signatures) {
      if (secret === '') return 'signature_mismatch'
      const expected = digest(content, secret)
      let found = false
      for (const given of signatures) if (sameText(foldCase ? given.toLowerCase() : given, expected)) found = true
      return found ? undefined : 'signature_mismatch'
    },
  }
}
