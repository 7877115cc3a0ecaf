import { type Invariant } from './invariant.ts'
import { requestsOf } from './requests.ts'

/** A bank's no is taken for a no: the same request is not sent again in the hope of another answer. */
export function declinesNotRepeated(): Invariant {
  return {
    name: 'declines-not-repeated',
    promise: 'A decline is not tried again of itself.',
    check: (history) => {
      const calls = history.calls.filter(({ step }) => step.do === 'pay').length
      const declines = requestsOf(history).filter(({ status }) => status === 402)
      const last = declines.at(-1)
      if (last === undefined || declines.length <= calls) return []
      return [
        {
          happened: `${calls} ${calls === 1 ? 'payment was' : 'payments were'} declined ${declines.length} times: a decline was tried again.`,
          entries: [last.seq],
        },
      ]
    },
  }
}
