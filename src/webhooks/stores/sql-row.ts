import { type EventState, eventStates, type InboxEvent, type Inspection, type Selector } from '../inbox.ts'

/** A row of the inbox's table as an SQL database answers it. Numbers may come as text. */
export type SqlRow = Readonly<Record<string, unknown>>

/** The condition that an event is neither handled nor given up; indexes are on these very words. */
export const unfinished = `state IN ('ready', 'leased')`

/** The columns an event is read from. */
export const eventColumns = `seq, provider, account, subscription, event_id, type, state, body, received_at_ms,
  occurred_at_ms, lane, due_at_ms, attempts, crashes, replays, last_error, requeued_by, requeued_reason`

/** Reads an event out of its row. */
export function eventOf(row: SqlRow): InboxEvent {
  const text = (column: string) => row[column] as string
  const number = (column: string) => Number(row[column])
  return {
    seq: number('seq'),
    provider: text('provider'),
    account: text('account'),
    subscription: text('subscription'),
    eventId: text('event_id'),
    type: text('type'),
    state: text('state') as EventState,
    body: row['body'] as Uint8Array<ArrayBuffer>,
    receivedAtMs: number('received_at_ms'),
    ...(row['occurred_at_ms'] === null ? {} : { occurredAtMs: number('occurred_at_ms') }),
    ...(row['lane'] === null ? {} : { lane: text('lane') }),
    dueAtMs: number('due_at_ms'),
    attempts: number('attempts'),
    crashes: number('crashes'),
    replays: number('replays'),
    ...(row['last_error'] === null ? {} : { lastError: text('last_error') }),
    ...(row['requeued_by'] === null ? {} : { requeued: { by: text('requeued_by'), reason: text('requeued_reason') } }),
  }
}

/** The numbers of an inspection, from rows of state, count and oldest arrival. */
export function numbersOf(rows: readonly SqlRow[]): Omit<Inspection, 'events'> {
  const counts = Object.fromEntries(eventStates.map((state) => [state, 0])) as Record<EventState, number>
  let oldest = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const state = row['state'] as EventState
    counts[state] = Number(row['count'])
    if (state === 'ready' || state === 'leased') oldest = Math.min(oldest, Number(row['oldest']))
  }
  return { counts, ...(oldest === Number.POSITIVE_INFINITY ? {} : { oldestUnfinishedMs: oldest }) }
}

/**
 * The condition that a selector stands for, with one JSON parameter for all of it. `has` writes how the
 * dialect asks whether a column's value is in the list under a name of that JSON.
 */
export function conditionOf(selector: Selector, has: (column: string, name: string) => string): string {
  const columns: Readonly<Record<keyof Selector, string>> = {
    seqs: 'seq',
    states: 'state',
    provider: 'provider',
    type: 'type',
    eventId: 'event_id',
  }
  const asked = (Object.keys(columns) as (keyof Selector)[]).filter((name) => selector[name] !== undefined)
  return ['TRUE', ...asked.map((name) => has(columns[name], name))].join(' AND ')
}

/** The JSON parameter of `conditionOf`: every value as a list of texts. */
export function selectorJson(selector: Selector): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(selector).map(([name, value]) => [name, [value].flat().map(String)])),
  )
}
