import { type Entry } from '../core/journal.ts'
import { describeFault } from '../mocks/describe-fault.ts'
import { type FaultPlan } from '../mocks/plan.ts'
import { type Step } from '../reports/step.ts'
import { type History } from './history.ts'

/** A plan in words, one fault a line. */
export function describePlan(plan: FaultPlan): readonly string[] {
  return plan.faults.map((rule) => `${describeFault(rule)}.`)
}

/**
 * A history as the few lines that people need: what was asked, what crossed the wire, what an effect it had.
 * `shown` names the entries that break the promise.
 *
 * Deliveries that were taken and changed nothing are left out, and so are objects that only accompany others.
 */
export function describeHistory(history: History, shown: readonly number[] = []): readonly Step[] {
  const { entries, startMs } = history
  const wrong = new Set(shown)
  const deliveries = deliveriesWorthTelling(entries, wrong)
  const ends = endsOf(entries)
  const steps: Step[] = []
  for (const entry of entries) {
    const told = tell(entry, { deliveries, ends })
    if (told !== undefined) {
      steps.push({ atMs: entry.atMs - startMs, ...told, ...(wrong.has(entry.seq) ? { wrong: true } : {}) })
    }
  }
  return steps
}

type Told = Omit<Step, 'atMs'>

interface Context {
  readonly deliveries: ReadonlyMap<string, Extract<Entry, { kind: 'delivery' }>>
  readonly ends: ReadonlySet<string>
}

function tell(entry: Entry, { deliveries, ends }: Context): Told | undefined {
  switch (entry.kind) {
    case 'request': {
      if (entry.seen !== 'mock') return undefined
      const key = entry.headers?.['idempotency-key']
      const unanswered = ends.has(entry.exchange) ? '' : ', never answered'
      return {
        from: 'shop',
        to: 'provider',
        text: `${entry.method} ${entry.path}${key === undefined ? '' : `, key ${short(key)}`}${unanswered}`,
      }
    }
    case 'answer':
      if (entry.seen !== 'mock') return undefined
      return { from: 'provider', to: 'shop', answer: true, text: answerText(entry) }
    case 'no-answer':
      if (entry.seen !== 'mock') return undefined
      return { from: 'provider', to: 'shop', answer: true, lost: true, text: 'no answer arrives' }
    case 'state':
      return told.has(entry.object)
        ? { from: 'provider', text: `${entry.object} ${entry.id}: ${entry.change}` }
        : undefined
    case 'delivery':
      return deliveries.has(entry.delivery) ? deliveryStep(entry) : undefined
    case 'delivered':
      return deliveredStep(entry, deliveries.get(entry.delivery))
    case 'effect':
      return { from: 'shop', text: `${entry.effect} ${entry.key}` }
    case 'step':
      return {
        from: 'shop',
        text: entry.outcome === undefined ? entry.step : `"${entry.step}" ends with ${entry.outcome}`,
      }
    case 'fault':
    case 'event':
    case 'note':
      return undefined
  }
}

/** Objects whose changes are a story; charges, balance transactions and the like only follow them. */
const told = new Set(['payment_intent', 'refund', 'payment'])

function answerText({ status, summary, headers }: Extract<Entry, { kind: 'answer' }>): string {
  const wait = headers?.['retry-after']
  const replayed = headers?.['idempotent-replayed'] === 'true' ? ', the stored answer' : ''
  return `${status}${summary === undefined ? '' : ` ${summary}`}${wait === undefined ? '' : `, Retry-After ${wait}`}${replayed}`
}

function deliveryStep({ genuine, type, event, note, attempt }: Extract<Entry, { kind: 'delivery' }>): Told {
  const again = attempt > 1 ? `, attempt ${attempt}` : ''
  const text = `${type} ${event}${again}${note === undefined ? '' : ` (${note})`}`
  return { from: genuine ? 'provider' : 'attacker', to: 'shop', text, ...(genuine ? {} : { forged: true }) }
}

function deliveredStep(
  { status, error }: Extract<Entry, { kind: 'delivered' }>,
  delivery: Extract<Entry, { kind: 'delivery' }> | undefined,
): Told | undefined {
  if (delivery === undefined) return undefined
  const to = delivery.genuine ? 'provider' : 'attacker'
  if (status === undefined) return { from: 'shop', to, answer: true, lost: true, text: error ?? 'no answer' }
  return { from: 'shop', to, answer: true, text: String(status) }
}

/** Deliveries that someone struck, that were refused, that came twice, or during which something happened. */
function deliveriesWorthTelling(
  entries: readonly Entry[],
  wrong: ReadonlySet<number>,
): ReadonlyMap<string, Extract<Entry, { kind: 'delivery' }>> {
  const open = new Map<string, Extract<Entry, { kind: 'delivery' }>>()
  const worth = new Map<string, Extract<Entry, { kind: 'delivery' }>>()
  const attempts = new Map<string, number>()
  for (const entry of entries)
    if (entry.kind === 'delivery') attempts.set(entry.event, (attempts.get(entry.event) ?? 0) + 1)
  for (const entry of entries) {
    if (entry.kind === 'delivery') {
      open.set(entry.delivery, entry)
      const special = !entry.genuine || entry.note !== undefined || wrong.has(entry.seq)
      if (special || (attempts.get(entry.event) ?? 0) > 1) worth.set(entry.delivery, entry)
    } else if (entry.kind === 'delivered') {
      const delivery = open.get(entry.delivery)
      const taken = entry.status !== undefined && entry.status >= 200 && entry.status < 300
      if (delivery !== undefined && !taken) worth.set(entry.delivery, delivery)
      open.delete(entry.delivery)
    } else if (entry.kind === 'effect') for (const delivery of open.values()) worth.set(delivery.delivery, delivery)
  }
  return worth
}

function endsOf(entries: readonly Entry[]): ReadonlySet<string> {
  const ends = new Set<string>()
  for (const entry of entries) if (entry.kind === 'answer' || entry.kind === 'no-answer') ends.add(entry.exchange)
  return ends
}

function short(key: string): string {
  return key.length <= 12 ? key : `${key.slice(0, 8)}…`
}
