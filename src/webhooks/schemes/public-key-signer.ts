import { type KeyObject, sign as makeSignature, type SignKeyObjectInput, verify as checkSignature } from 'node:crypto'
import { type SignatureFacts } from '../../providers/signature-facts.ts'
import { privateKeyOf } from '../private-key.ts'
import { type RejectReason } from '../reject-reason.ts'
import { strictDecode } from '../strict-decode.ts'
import { type Content, type Signer } from './scheme-kind.ts'
import { unusableKey } from './unusable-key.ts'

export interface PublicKeySigner {
  readonly signature: SignatureFacts
  /** Digest; `null` where the algorithm has its own. */
  readonly hash: string | null
  readonly options?: Omit<SignKeyObjectInput, 'key'>
  /** The key that a text stands for at a time, or why it is none. */
  readonly keyOf: (text: string, atMs: number) => KeyObject | RejectReason
  /** Asks whether a key is of the kind that this algorithm takes. */
  readonly fits: (key: KeyObject) => boolean
}

/** Signs with a private key, checks with the public one. */
export function publicKeySigner({ signature, hash, options = {}, keyOf, fits }: PublicKeySigner): Signer {
  const { encoding = 'base64', hexCase = 'exact' } = signature
  return {
    sign(content, text) {
      const key = privateKeyOf(text)
      if (key === undefined || !fits(key)) throw unusableKey(`a private ${signature.type} key in PEM`)
      return makeSignature(hash, bytesOf(content), { ...options, key }).toString(encoding)
    },
    refusal(content, text, signatures, atMs) {
      const key = keyOf(text, atMs)
      if (typeof key === 'string') return key
      if (!fits(key)) return 'signature_mismatch'
      const bytes = bytesOf(content)
      for (const given of signatures) {
        const decoded = strictDecode(given, encoding, hexCase)
        if (decoded !== undefined && isRight(bytes, decoded, key)) return undefined
      }
      return 'signature_mismatch'
    },
  }

  function isRight(bytes: Uint8Array, given: Buffer, key: KeyObject): boolean {
    try {
      return checkSignature(hash, bytes, { ...options, key }, given)
    } catch {
      return false
    }
  }
}

function bytesOf(content: Content): Uint8Array {
  const chunks = content.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
  return Buffer.concat(chunks.filter((chunk) => typeof chunk !== 'symbol'))
}
