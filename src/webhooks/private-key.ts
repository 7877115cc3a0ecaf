import { createPrivateKey, type KeyObject } from 'node:crypto'
import { keptKeys } from './kept-keys.ts'

const read = keptKeys((text): { readonly key?: KeyObject } => {
  try {
    const key = text.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' })
      : createPrivateKey(text)
    return { key }
  } catch {
    return {}
  }
})

/** The private key in PEM, or as a JSON Web Key; `undefined` for any other text. */
export function privateKeyOf(text: string): KeyObject | undefined {
  return read(text).key
}
