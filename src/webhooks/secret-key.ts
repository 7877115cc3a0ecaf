import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { GoodfenceError } from '../core/errors.ts'
import { type KeyFacts } from '../providers/key-facts.ts'
import { keptKeys } from './kept-keys.ts'

/**
 * Makes the function that turns issued secrets into keys, more than one where it is not clear which is meant. None for
 * a secret that is no key: an empty key would let anyone sign, and what is left of one that was cut off nearly anyone.
 */
export function secretKeys(facts: KeyFacts): (secret: string) => readonly KeyObject[] {
  const bytesOf = forms[facts.form]
  if (bytesOf === undefined) {
    throw new GoodfenceError('usage', `Secrets of the form ${facts.form} cannot key a digest.`, {
      mend: 'use a scheme of goodfence/providers/webhooks',
    })
  }
  return keptKeys((secret) => {
    const bytes = keyBytes(facts, secret, bytesOf).filter((each) => each.length > 0)
    return bytes.map((each) => createSecretKey(each))
  })
}

/** The bytes that a text without its prefix stands for; `whole` is the text with it. */
type BytesOf = (text: string, whole: string) => Buffer[]

const forms: Partial<Record<KeyFacts['form'], BytesOf>> = {
  utf8: (text) => [Buffer.from(text)],
  'nfkd-utf8': (text) => [Buffer.from(text.normalize('NFKD'))],
  base64: fromBase64,
  hex: (text) => (/^(?:[0-9a-f]{2})+$/i.test(text) ? [Buffer.from(text, 'hex')] : []),
  'base64-if-prefixed': (text, whole) => (text === whole ? [Buffer.from(text)] : fromBase64(text)),
  'utf8-or-base64': (text, whole) => [Buffer.from(whole), ...fromBase64(text)],
  'sha1-of-utf8': (text) => [createHash('sha1').update(text).digest()],
}

function keyBytes(
  { length, prefix = '', prefixIsPartOfKey = false }: KeyFacts,
  secret: string,
  bytesOf: BytesOf,
): Buffer[] {
  const prefixed = prefix !== '' && secret.startsWith(prefix)
  // A prefix alone is what is left of a secret that was cut off.
  if (prefixed && secret.length === prefix.length) return []
  if (length !== undefined && secret.length !== length) return []
  if (secret === '') return []
  return bytesOf(prefixed && !prefixIsPartOfKey ? secret.slice(prefix.length) : secret, secret)
}

function fromBase64(text: string): Buffer[] {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? [Buffer.from(text, 'base64')] : []
}

/** A key with its id, where keys have ids; `undefined` for a text that lacks one it must have. */
export function keyWithId({ id, ids }: KeyFacts, key: string): { id?: string; text: string } | undefined {
  if (id === undefined) return { text: key }
  const colon = key.indexOf(':')
  const known = colon > 0 && (ids === undefined || ids.includes(key.slice(0, colon)))
  if (known) return { id: key.slice(0, colon), text: key.slice(colon + 1) }
  return id === 'required' ? undefined : { text: key }
}
