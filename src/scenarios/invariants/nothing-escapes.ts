import { type Invariant } from './invariant.ts'

/** No rejection and no exception is left without a handler: Node ends the process for either. */
export function nothingEscapes(): Invariant {
  return {
    name: 'nothing-escapes',
    promise: 'No failure escapes: an unhandled rejection would end the process.',
    check: ({ escaped }) =>
      escaped.slice(0, 1).map(({ kind, error }) => ({
        happened: `The process would have ended: ${kind}, ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}.`,
      })),
  }
}
