import { type Entry, type Happening } from '../../src/core/journal.ts'
import { type History } from '../../src/scenarios/history.ts'
import { order } from '../../src/scenarios/workload.ts'

/** Something that happened, with its moment. */
export type Moment = readonly [atMs: number, happening: Happening]

/** Entries from what happened when. */
export function entries(...happenings: readonly Moment[]): readonly Entry[] {
  return happenings.map(([atMs, happening], index) => Object.assign({ seq: index + 1, atMs }, happening))
}

/** A request at the provider with its answer a moment later. */
export function exchange(
  atMs: number,
  id: string,
  status: number | undefined,
  answer: Readonly<Record<string, string>> = {},
  key?: string,
): readonly [Moment, Moment] {
  const headers = key === undefined ? {} : { 'idempotency-key': key }
  return [
    [
      atMs,
      {
        kind: 'request',
        seen: 'mock',
        exchange: id,
        method: 'POST',
        path: '/v1/charges',
        operation: 'POST /v1/charges',
        headers,
      },
    ],
    [
      atMs,
      status === undefined
        ? { kind: 'no-answer', seen: 'mock', exchange: id, error: 'TypeError ECONNRESET' }
        : { kind: 'answer', seen: 'mock', exchange: id, status, headers: answer },
    ],
  ]
}

/** A history in which one order was asked for and nothing else is said. */
export function history(change: Partial<History> = {}): History {
  const step = { do: 'pay', order: order('order-1') } as const
  return {
    startMs: 0,
    endMs: 60_000,
    workload: [step],
    entries: [],
    calls: [{ index: 0, step, startedMs: 0, endedMs: 1_000 }],
    payments: [],
    observed: { orders: {} },
    escaped: [],
    leaks: [],
    console: [],
    egress: [],
    secrets: { 'API key': 'sk_secret' },
    ...change,
  }
}
