import { type History } from '../history.ts'

/** How a promise was not kept. */
export interface Finding {
  /** One sentence with names and numbers. */
  readonly happened: string
  /** The entries of the history that show it, by their `seq`; `atEnd` for what the shop believes at last. */
  readonly entries?: readonly number[]
}

/** Stands for the end of a history, where no entry is. */
export const atEnd = 0

/** Something that must be true of every history. It changes nothing and reads nothing else. */
export interface Invariant {
  /** The same for the same kind, whatever its settings. */
  readonly name: string
  /** One sentence. */
  readonly promise: string
  check(history: History): readonly Finding[]
}
