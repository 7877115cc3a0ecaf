import { duration } from '../../reports/step.ts'
import { type History } from '../history.ts'
import { type Finding, type Invariant } from './invariant.ts'
import { type Request, requestsOf } from './requests.ts'

export interface AmplificationBoundedOptions {
  /** How many requests one call may become before it returns. @default 8 */
  readonly maxRequestsPerCall?: number
  /** How many requests there may be for one call in any minute, whoever makes them. @default 20 */
  readonly maxRequestsPerMinute?: number
  /** Failing requests for the same thing must not follow each other faster than this in the mean. @default 10 */
  readonly minMeanPauseMs?: number
}

/** Trouble at the provider is not answered with a storm: few attempts, with pauses between them. */
export function amplificationBounded(options: AmplificationBoundedOptions = {}): Invariant {
  const { maxRequestsPerCall = 8, maxRequestsPerMinute = 20, minMeanPauseMs = 10 } = options
  return {
    name: 'amplification-bounded',
    promise: `One call becomes at most ${maxRequestsPerCall} requests, and failed ones are not repeated without a pause.`,
    check(history) {
      const requests = requestsOf(history)
      return [
        ...tooMany(history, requests, maxRequestsPerCall),
        ...tooManyInAMinute(history, requests, maxRequestsPerMinute),
        ...tooFast(requests, minMeanPauseMs),
      ].slice(0, 1)
    },
  }
}

function callsOf(history: History) {
  return history.calls.filter(({ step }) => step.do === 'pay' || step.do === 'refund')
}

function tooMany(history: History, requests: readonly Request[], max: number): readonly Finding[] {
  const calls = callsOf(history)
  const during = requests.filter(({ atMs }) =>
    calls.some(({ startedMs, endedMs = Infinity }) => {
      const sinceMs = atMs - history.startMs
      return sinceMs >= startedMs && sinceMs <= endedMs
    }),
  )
  const last = during.at(-1)
  if (last === undefined || during.length <= calls.length * max) return []
  const subject = calls.length === 1 ? 'One call' : `${calls.length} calls`
  return [{ happened: `${subject} became ${during.length} requests.`, entries: [last.seq] }]
}

function tooManyInAMinute(history: History, requests: readonly Request[], max: number): readonly Finding[] {
  const limit = max * Math.max(1, callsOf(history).length)
  for (const [index, first] of requests.entries()) {
    const beyond = requests[index + limit]
    if (beyond === undefined) return []
    if (beyond.atMs - first.atMs < 60_000)
      return [{ happened: `More than ${limit} requests were made within one minute.`, entries: [beyond.seq] }]
  }
  return []
}

function tooFast(requests: readonly Request[], minMeanPauseMs: number): readonly Finding[] {
  const failed = requests.filter(({ status = 0, broken }) => broken || status >= 500 || status === 429)
  for (const [name, group] of Map.groupBy(failed, (request) => request.name)) {
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined || group.length < 3) continue
    const spanMs = last.atMs - first.atMs
    if (spanMs >= minMeanPauseMs * (group.length - 1)) continue
    return [
      {
        happened: `${name} failed ${group.length} times within ${duration(spanMs)}: it is repeated without a pause.`,
        entries: [last.seq],
      },
    ]
  }
  return []
}
