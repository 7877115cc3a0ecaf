import { type Scheme } from '../../providers/scheme.ts'
import { type RejectReason } from '../reject-reason.ts'

/** Where the secret stands in what is signed. */
export const secretPlace: unique symbol = Symbol('secret')

/** What is signed, in order: text stands for its UTF-8 bytes. */
export type Content = readonly (string | Uint8Array | typeof secretPlace)[]

/** One way to make a signature over content and to check it, set up for one scheme. */
export interface Signer {
  /** The signature as it is carried, without the scheme's prefix. Throws `usage` for a key that cannot sign. */
  sign(content: Content, key: string): string
  /**
   * Says why none of `signatures` is right, `undefined` when one is. Constant time for each. Throws nothing.
   * `atMs`: what a key has to be valid at.
   */
  refusal(content: Content, key: string, signatures: readonly string[], atMs: number): RejectReason | undefined
}

/** Sets a kind up for a scheme. Throws `usage` for what the kind cannot do. */
export type SchemeKind = (scheme: Scheme) => Signer
