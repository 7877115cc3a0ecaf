import { type Arrived } from './arrived.ts'
import { type RejectReason } from './reject-reason.ts'
import { type Tolerance } from './signed-time.ts'

/** What a genuine delivery turned out to be. */
export interface Genuine {
  /** Place of the key that matched. */
  readonly secretIndex: number
  readonly signedAtMs?: number
  readonly bodySigned: boolean
}

export interface Held extends Tolerance {
  readonly secrets: readonly string[]
}

/** Judges a delivery, or one item of it. Age is judged after the signature, so `too_old` means genuine but old. */
export type SignatureCheck = (arrived: Arrived, held: Held) => Genuine | RejectReason
