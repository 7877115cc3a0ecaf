import { errorInWords } from '../mask-secrets.ts'
import { type Invariant } from './invariant.ts'

/** No rejection and no exception is left without a handler: Node ends the process for either. */
export function nothingEscapes(): Invariant {
  return {
    name: 'nothing-escapes',
    promise: 'No failure escapes: an unhandled rejection would end the process.',
    check({ escaped, secrets }) {
      const [first] = escaped.toSorted((a, b) => Number(b.kind === 'exit') - Number(a.kind === 'exit'))
      if (first === undefined) return []
      const { kind, error } = first
      const what =
        kind === 'exit' && error instanceof Error ? error.message : `${kind}, ${errorInWords(error, secrets)}`
      return [{ happened: `The process would have ended: ${what}.` }]
    },
  }
}
