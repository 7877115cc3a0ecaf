import { type Verdict, type Violation } from '../reports/result.ts'
import { type History, entriesOf } from './history.ts'
import { type Invariant } from './invariants/invariant.ts'
import { isOwnAnswer, requestsOf } from './invariants/requests.ts'
import { ordersOf } from './workload.ts'

/** What invariants make of a history. */
export interface Judgement {
  readonly verdict: Verdict
  readonly violations: readonly Violation[]
  /** Entries, by `seq`, that show the first violation. */
  readonly shown: readonly number[]
  /** Why the verdict is unknown. */
  readonly reason?: string
}

/**
 * Holds a history against its invariants. A promise that is seen to be broken is broken; where the run
 * could not show anything, the verdict is unknown, never `holds`.
 */
export function judge(history: History, invariants: readonly Invariant[]): Judgement {
  if (history.trouble !== undefined && history.observed === undefined)
    return unknown(`${history.trouble.message} Mend it, then run again.`)
  const [stranger] = history.egress
  if (stranger !== undefined)
    return unknown(
      `The subject tried to reach ${stranger}, which does not exist in a scenario. Give what calls it env.baseUrl and fetch, or replace it.`,
    )
  const violations: Violation[] = []
  const shown: number[] = []
  for (const invariant of invariants) {
    for (const { happened, entries } of invariant.check(history)) {
      if (violations.length === 0) shown.push(...(entries ?? []))
      violations.push({ invariant: invariant.name, promise: invariant.promise, happened })
    }
  }
  if (violations.length > 0) return { verdict: 'broken', violations, shown }
  const reason = meaningless(history)
  return reason === undefined ? { verdict: 'holds', violations, shown } : unknown(reason)
}

function unknown(reason: string): Judgement {
  return { verdict: 'unknown', violations: [], shown: [], reason }
}

/** Guards against a run that proves nothing because nothing happened in it. */
function meaningless(history: History): string | undefined {
  if (history.trouble !== undefined) return history.trouble.message
  if (ordersOf(history.workload).length === 0) return undefined
  const requests = entriesOf(history, 'request').filter(({ seen }) => seen === 'mock')
  if (requests.length === 0)
    return 'No request reached the provider. Give the integration env.baseUrl and env.fetch, or let it use the global fetch.'
  const answered = requestsOf(history).filter(isOwnAnswer)
  if (answered.length > 0 && answered.every(({ status }) => status === 401))
    return 'The provider answered 401 to everything. Let the integration use env.apiKey.'
  const stray = history.payments.find(({ order, status }) => order === undefined && status === 'succeeded')
  if (stray !== undefined)
    return `Payment ${stray.id} names no order. Put the order's id into its metadata, so that the provider's truth can be compared with the shop's.`
  return undefined
}
