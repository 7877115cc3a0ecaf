import { createPublicKey, type KeyObject } from 'node:crypto'
import { type KeyFacts } from '../providers/key-facts.ts'
import { keptKeys } from './kept-keys.ts'
import { strictDecode } from './strict-decode.ts'

/** Makes the function that turns issued texts into public keys; `undefined` for a text that is none. PEM always is. */
export function publicKeys({ form }: KeyFacts): (text: string) => KeyObject | undefined {
  const read = keptKeys((text): { readonly key?: KeyObject } => {
    try {
      const key = text.startsWith('-----BEGIN PUBLIC KEY-----') ? createPublicKey(text) : publicKey(form, text)
      return key === undefined ? {} : { key }
    } catch {
      return {}
    }
  })
  return (text) => read(text).key
}

function publicKey(form: KeyFacts['form'], text: string): KeyObject | undefined {
  const bytes = strictDecode(text, form === 'raw-hex' ? 'hex' : 'base64')
  if (bytes === undefined) return undefined
  if (form === 'spki-base64') return createPublicKey({ key: bytes, format: 'der', type: 'spki' })
  const key = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }
  return createPublicKey({ key, format: 'jwk' })
}
