import { type Verdict, type Violation } from '../reports/result.ts'
import { type History, type Trouble } from './history.ts'
import { type Finding, type Invariant } from './invariants/invariant.ts'
import { nothingEscapes } from './invariants/nothing-escapes.ts'
import { isOwnAnswer, requestsOf } from './invariants/requests.ts'
import { errorInWords } from './mask-secrets.ts'
import { useFetch } from './refuse-http.ts'
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
    return unknown(`${history.trouble.message}${exitBefore(history.trouble, history)} Mend it, then run again.`)
  const [stranger] = history.egress
  if (stranger !== undefined)
    return unknown(
      stranger.through === 'fetch'
        ? `The subject tried to reach ${stranger.origin}, which does not exist in a scenario. Give what calls it env.baseUrl and fetch, or replace it.`
        : `The subject tried to reach ${stranger.origin} through node:http, which goes past fetch and is refused in a scenario. ${useFetch}`,
    )
  const violations: Violation[] = []
  const shown: number[] = []
  for (const invariant of exitsFirst(invariants, history)) {
    const findings = findingsOf(invariant, history)
    if (typeof findings === 'string') return unknown(findings)
    for (const { happened, entries } of findings) {
      if (violations.length === 0) shown.push(...(entries ?? []))
      violations.push({ invariant: invariant.name, promise: invariant.promise, happened })
    }
  }
  if (violations.length > 0) return { verdict: 'broken', violations, shown }
  const reason = meaningless(history)
  return reason === undefined ? { verdict: 'holds', violations, shown } : unknown(reason)
}

/** What an invariant finds, or why it cannot be believed: it may be the user's own. */
function findingsOf(invariant: Invariant, history: History): readonly Finding[] | string {
  let findings: unknown
  try {
    findings = invariant.check(history)
  } catch (error) {
    return `Mend the check() of the invariant "${invariant.name}", which threw: ${errorInWords(error, history.secrets)}`
  }
  if (Array.isArray(findings) && findings.every(isFinding)) return findings
  return `Mend the check() of the invariant "${invariant.name}": it gave something else than a list of { happened: a text, entries?: numbers }.`
}

function isFinding(value: unknown): value is Finding {
  if (typeof value !== 'object' || value === null) return false
  const { happened, entries } = value as Partial<Finding>
  return (
    typeof happened === 'string' &&
    (entries === undefined || (Array.isArray(entries) && entries.every(Number.isSafeInteger)))
  )
}

function unknown(reason: string): Judgement {
  return { verdict: 'unknown', violations: [], shown: [], reason }
}

/** Who ends the process breaks more than any other promise, whatever else the scenario is about. */
function exitsFirst(invariants: readonly Invariant[], { escaped }: History): readonly Invariant[] {
  if (!escaped.some(({ kind }) => kind === 'exit')) return invariants
  const first = nothingEscapes()
  return [first, ...invariants.filter(({ name }) => name !== first.name)]
}

/** A call of process.exit() may have caused other trouble, such as a start that never ends. */
function exitBefore({ message }: Trouble, { escaped }: History): string {
  const exit = escaped.find(({ kind }) => kind === 'exit')?.error
  return exit instanceof Error && !message.includes(exit.message) ? ` Before that ${exit.message}.` : ''
}

function nothingBut401(history: History): boolean {
  // Looked for first: joining requests with their answers costs as much as all invariants.
  if (!history.entries.some((entry) => entry.kind === 'answer' && entry.status === 401)) return false
  const answered = requestsOf(history).filter(isOwnAnswer)
  return answered.length > 0 && answered.every(({ status }) => status === 401)
}

/** Guards against a run that proves nothing because nothing happened in it. */
function meaningless(history: History): string | undefined {
  if (history.trouble !== undefined) return history.trouble.message
  if (ordersOf(history.workload).length === 0) return undefined
  if (!history.entries.some((entry) => entry.kind === 'request' && entry.seen === 'mock'))
    return "No request reached the provider. Give the integration env.baseUrl and env.fetch, or set time to 'globals' and let it use the global fetch."
  if (nothingBut401(history)) return 'The provider answered 401 to everything. Let the integration use env.apiKey.'
  const stray = history.payments.find(({ order, status }) => order === undefined && status === 'succeeded')
  if (stray !== undefined)
    return `Payment ${stray.id} names no order. Put the order's id into its metadata, so that the provider's truth can be compared with the shop's.`
  return undefined
}
