import { type FreeOrdering } from './ordering.ts'

/** Events that have nothing to do with each other: each is handled when it comes. */
export function none(): FreeOrdering {
  return { kind: 'none', place: () => ({}) }
}
