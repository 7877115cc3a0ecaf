import { type Entry } from '../core/journal.ts'
import { describeFault } from '../mocks/describe-fault.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type Step, duration } from '../reports/step.ts'
import { belatedDeliveries, deliveriesWorthTelling, isStory } from './deliveries-worth-telling.ts'
import { type History } from './history.ts'
import { times } from './invariants/at-most-once.ts'
import { atEnd } from './invariants/invariant.ts'
import { type Request, requestsOf } from './invariants/requests.ts'
import { shortIds } from './short-ids.ts'

/** A plan in words, one fault a line. */
export function describePlan(plan: FaultPlan): readonly string[] {
  return plan.faults.map((rule) => {
    const sentence = describeFault(rule)
    return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
  })
}

/**
 * A history as the few lines that people need: what was asked, what crossed the wire, what effect it had,
 * and what the shop believes in the end. `shown` names the entries that break the promise.
 */
export function describeHistory(history: History, shown: readonly number[] = []): readonly Step[] {
  const { entries, startMs } = history
  const wrong = new Set(shown)
  const context: Context = {
    deliveries: deliveriesWorthTelling(entries, wrong),
    late: belatedDeliveries(entries),
    requests: new Map(requestsOf(history).map((request) => [request.exchange, request])),
    keys: new Map(),
  }
  const steps: Step[] = []
  const repeats = repeatedAttempts(entries)
  let state: { readonly id: string; readonly atMs: number } | undefined
  for (const entry of entries) {
    const more = entry.kind === 'delivery' || entry.kind === 'delivered' ? repeats.get(entry.delivery) : undefined
    if (more !== undefined) {
      if (more !== '' && entry.kind === 'delivery')
        steps.push({ atMs: entry.atMs - startMs, from: 'provider', text: more })
      continue
    }
    const told = tell(entry, context)
    if (told === undefined) continue
    const previous = steps.at(-1)
    const step: Step = {
      atMs: entry.atMs - startMs,
      ...told,
      text: shortIds(told.text),
      ...(wrong.has(entry.seq) ? { wrong: true } : {}),
    }
    // What happens to one object at one moment is one line.
    if (entry.kind === 'state' && previous !== undefined && state?.id === entry.id && state.atMs === entry.atMs) {
      steps[steps.length - 1] = {
        ...previous,
        ...(step.wrong ? { wrong: true } : {}),
        text: `${previous.text}, ${entry.change}`,
      }
    } else steps.push(step)
    state = entry.kind === 'state' ? entry : undefined
  }
  const belief = inWords(history)
  return belief === undefined
    ? steps
    : [
        ...steps,
        { atMs: steps.at(-1)?.atMs ?? 0, from: 'shop', text: belief, ...(wrong.has(atEnd) ? { wrong: true } : {}) },
      ]
}

/** Attempts between the second and the last of an event: nothing for each but the first, which stands for all. */
function repeatedAttempts(entries: readonly Entry[]): ReadonlyMap<string, string> {
  const attempts = Map.groupBy(
    entries
      .filter((entry) => entry.kind === 'delivery' && entry.genuine)
      .map((entry) => entry as Extract<Entry, { kind: 'delivery' }>),
    ({ event }) => event,
  )
  const left = new Map<string, string>()
  for (const group of attempts.values()) {
    const between = group.filter(({ attempt }) => attempt > 1).slice(1, -1)
    for (const [index, { delivery, type }] of between.entries()) {
      left.set(delivery, index > 0 ? '' : `sends ${type} ${between.length} more times by its schedule`)
    }
  }
  return left
}

type Told = Omit<Step, 'atMs'>

interface Context {
  readonly deliveries: ReadonlyMap<string, Extract<Entry, { kind: 'delivery' }>>
  readonly late: ReadonlySet<string>
  readonly requests: ReadonlyMap<string, Request>
  /** Idempotency keys by the letters that they are told as. */
  readonly keys: Map<string, string>
}

function tell(entry: Entry, context: Context): Told | undefined {
  switch (entry.kind) {
    case 'request':
      return entry.seen === 'mock' ? requestStep(entry, context) : undefined
    case 'answer':
      return entry.seen === 'mock' ? answerStep(entry, context.requests.get(entry.exchange)) : undefined
    case 'no-answer':
      if (entry.seen !== 'mock') return undefined
      return { from: 'provider', to: 'shop', answer: true, lost: true, text: 'no answer arrives' }
    case 'state':
      return isStory(entry.object)
        ? { from: 'provider', text: `${entry.object} ${entry.id} ${entry.change}` }
        : undefined
    case 'delivery':
      return context.deliveries.has(entry.delivery) ? deliveryStep(entry, context.late.has(entry.delivery)) : undefined
    case 'delivered':
      return deliveredStep(entry, context.deliveries.get(entry.delivery))
    case 'endpoint':
      return {
        from: 'provider',
        text: `endpoint ${entry.change}${entry.reason === undefined ? '' : `: ${entry.reason}`}`,
      }
    case 'effect':
      return { from: 'shop', text: `${entry.effect} ${entry.key}` }
    case 'step':
      return {
        from: 'shop',
        text: entry.outcome === undefined ? entry.step : `"${entry.step}" ends with ${entry.message ?? entry.outcome}`,
      }
    case 'fault':
    case 'event':
    case 'note':
      return undefined
  }
}

function requestStep(entry: Extract<Entry, { kind: 'request' }>, { requests, keys }: Context): Told {
  const end = requests.get(entry.exchange)
  const unanswered = end === undefined || (end.status === undefined && !end.broken) ? ', never answered' : ''
  return { from: 'shop', to: 'provider', text: `${entry.method} ${entry.path}${keyOf(entry, keys)}${unanswered}` }
}

/** Keys are told by letters: all that matters is which are the same. */
function keyOf({ method, headers }: Extract<Entry, { kind: 'request' }>, keys: Map<string, string>): string {
  if (method !== 'POST') return ''
  const key = headers?.['idempotency-key']
  if (key === undefined) return ', no key'
  let letter = keys.get(key)
  if (letter === undefined)
    keys.set(key, (letter = keys.size < 26 ? String.fromCharCode(65 + keys.size) : String(keys.size + 1)))
  return `, key ${letter}`
}

/** Faults that leave an answer, but not the one that the provider gave. */
const spoiling: Readonly<Record<string, string>> = {
  'truncated-body': 'cut off',
  'malformed-json': 'not JSON',
  'html-error': 'a page of HTML',
  drip: 'in a trickle',
}

function answerStep(entry: Extract<Entry, { kind: 'answer' }>, request: Request | undefined): Told {
  const { status, summary, headers } = entry
  const wait = headers?.['retry-after']
  const remarks = [
    summary ?? '',
    wait === undefined ? '' : `Retry-After ${wait}`,
    headers?.['idempotent-replayed'] === 'true' ? 'the stored answer' : '',
    ...(request?.faults ?? []).map((fault) => spoiling[fault] ?? ''),
  ].filter((remark) => remark !== '')
  return { from: 'provider', to: 'shop', answer: true, text: [status, ...remarks].join(', ') }
}

function deliveryStep(
  { genuine, type, event, note, attempt }: Extract<Entry, { kind: 'delivery' }>,
  late: boolean,
): Told {
  const remarks = [
    attempt > 1 ? `attempt ${attempt}` : '',
    note?.replace(/\d{4,}(?= ms)/g, (ms) => duration(Number(ms))).replace(/(?<=(?:s|min|h|d)) ms\b/g, '') ?? '',
    late ? 'older than what came before' : '',
  ].filter((remark) => remark !== '')
  const text = `${type} ${event}${remarks.length === 0 ? '' : ` (${remarks.join(', ')})`}`
  return { from: genuine ? 'provider' : 'attacker', to: 'shop', text, ...(genuine ? {} : { forged: true }) }
}

function deliveredStep(
  { status, error }: Extract<Entry, { kind: 'delivered' }>,
  delivery: Extract<Entry, { kind: 'delivery' }> | undefined,
): Told | undefined {
  if (delivery === undefined) return undefined
  const to = delivery.genuine ? 'provider' : 'attacker'
  if (status === undefined) return { from: 'shop', to, answer: true, lost: true, text: error ?? 'no answer' }
  if (delivery.genuine && status >= 200 && status < 300) return undefined
  return { from: 'shop', to, answer: true, text: String(status) }
}

function inWords({ observed }: History): string | undefined {
  const orders = Object.entries(observed?.orders ?? {})
  if (orders.length === 0) return undefined
  const belief = orders.map(
    ([id, { status, fulfilled }]) => `${id} ${status}${fulfilled === 0 ? '' : `, fulfilled ${times(fulfilled)}`}`,
  )
  return `believes ${belief.join('; ')}`
}
