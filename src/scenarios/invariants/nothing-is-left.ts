import { type Invariant } from './invariant.ts'

/** An integration that is stopped leaves no timer behind. */
export function nothingIsLeft(): Invariant {
  return {
    name: 'nothing-is-left',
    promise: 'No timer is left when the integration is stopped.',
    check: ({ leaks }) => {
      const [first] = leaks
      if (first === undefined) return []
      const where = first === '' ? '' : `, the first one armed ${first}`
      return [
        {
          happened: `${leaks.length} ${leaks.length === 1 ? 'timer was' : 'timers were'} still armed after it had been stopped${where}.`,
        },
      ]
    },
  }
}
