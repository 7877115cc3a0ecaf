import { duration } from '../../reports/step.ts'
import { type Invariant } from './invariant.ts'
import { requestsOf } from './requests.ts'

export interface AmplificationBoundedOptions {
  /** How many requests one call of the workload may become. @default 8 */
  readonly maxRequestsPerCall?: number
  /** Failing requests for the same thing must not follow each other faster than this in the mean. @default 50 */
  readonly minMeanPauseMs?: number
}

/** Trouble at the provider is not answered with a storm: few attempts, with pauses between them. */
export function amplificationBounded(options: AmplificationBoundedOptions = {}): Invariant {
  const { maxRequestsPerCall = 8, minMeanPauseMs = 50 } = options
  return {
    name: 'amplification-bounded',
    promise: `One call becomes at most ${maxRequestsPerCall} requests, and failed ones are not repeated without a pause.`,
    check: (history) => {
      const calls = history.calls.filter(({ step }) => step.do === 'pay' || step.do === 'refund').length
      const requests = requestsOf(history)
      if (calls > 0 && requests.length > calls * maxRequestsPerCall) {
        const last = requests.at(-1)
        return [
          {
            happened: `${calls} ${calls === 1 ? 'call' : 'calls'} became ${requests.length} requests.`,
            ...(last === undefined ? {} : { entries: [last.seq] }),
          },
        ]
      }
      const failed = requests.filter(({ status, broken }) => broken || (status ?? 0) >= 500 || status === 429)
      const byName = Map.groupBy(failed, ({ name }) => name)
      for (const [name, group] of byName) {
        const [first, last] = [group[0], group.at(-1)]
        if (first === undefined || last === undefined || group.length < 3) continue
        const meanMs = (last.atMs - first.atMs) / (group.length - 1)
        if (meanMs < minMeanPauseMs)
          return [
            {
              happened: `${name} failed ${group.length} times within ${duration(last.atMs - first.atMs)}: it is repeated without a pause.`,
              entries: [last.seq],
            },
          ]
      }
      return []
    },
  }
}
