import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { GoodfenceError } from '../core/errors.ts'
import { type KeyFacts } from '../providers/key-facts.ts'

/** More secrets than anyone rotates through; beyond it the oldest is forgotten, not refused. */
const maxKept = 64

/**
 * Makes the function that turns issued secrets into keys and keeps them: preparing a key costs several
 * times the digest of a small body. It answers `undefined` for a secret that is no key, since an empty
 * key would let anyone sign.
 */
export function secretKeys(facts: KeyFacts): (secret: string) => KeyObject | undefined {
  const kept = new Map<string, KeyObject | undefined>()
  keyBytes(facts, '') // a form that is not supported shows here, not at the first delivery
  return (secret) => {
    const known = kept.get(secret)
    if (known !== undefined || kept.has(secret)) return known
    const bytes = keyBytes(facts, secret)
    const key = bytes.length === 0 ? undefined : createSecretKey(bytes)
    if (kept.size >= maxKept) kept.delete(kept.keys().next().value as string)
    kept.set(secret, key)
    return key
  }
}

function keyBytes({ form, prefix = '', prefixIsPartOfKey = false }: KeyFacts, secret: string): Buffer {
  const prefixed = prefix !== '' && secret.startsWith(prefix)
  const text = prefixed && !prefixIsPartOfKey ? secret.slice(prefix.length) : secret
  // A prefix alone is what is left of a secret that was cut off.
  if (prefixed && secret.length === prefix.length) return Buffer.alloc(0)
  switch (form) {
    case 'utf8':
      return Buffer.from(text)
    case 'base64':
      return Buffer.from(text, 'base64')
    case 'hex':
      return Buffer.from(text, 'hex')
    case 'base64-if-prefixed':
      return Buffer.from(text, prefixed ? 'base64' : 'utf8')
    case 'sha1-of-utf8':
      return createHash('sha1').update(text).digest()
    default:
      throw new GoodfenceError('usage', `Secrets of the form ${form} cannot key a digest.`, {
        mend: 'use a scheme whose secrets are utf8, base64, hex or sha1-of-utf8',
      })
  }
}
