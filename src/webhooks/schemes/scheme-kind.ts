import { type Scheme } from '../../providers/scheme.ts'

/** What is signed, in order: text stands for its UTF-8 bytes. */
export type Content = readonly (string | Uint8Array)[]

/** One way to make a signature and to check it, set up for one scheme. */
export interface Signer {
  /** The signature as it is carried, without the scheme's prefix. Throws `usage` for a secret that cannot sign. */
  sign(content: Content, secret: string): string
  /** Asks, in constant time for each, whether one of `signatures` is right. Throws nothing. */
  matches(content: Content, secret: string, signatures: readonly string[]): boolean
}

/** Sets a kind up for a scheme. Throws `usage` for what the kind cannot do. */
export type SchemeKind = (scheme: Scheme) => Signer
