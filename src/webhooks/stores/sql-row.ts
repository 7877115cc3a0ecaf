import {
  type BlockedLane,
  type DeadGroup,
  type EventState,
  eventStates,
  type InboxEvent,
  type Inspection,
  type LaneOrder,
  type Problems,
} from '../inbox.ts'

/** A row of the inbox's table as an SQL database answers it. Numbers may come as text. */
export type SqlRow = Readonly<Record<string, unknown>>

/** The condition that an event is neither handled nor given up; indexes are on these very words. */
export const unfinished = `state IN ('ready', 'held', 'leased')`

/** The columns an event is read from. */
export const eventColumns = `seq, provider, account, subscription, event_id, type, state, body, received_at_ms,
  occurred_at_ms, lane, lane_order, marker, waits_for, due_at_ms, attempts, crashes, replays, last_error, requeued_by,
  requeued_reason`

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
    ...(row['lane_order'] === null ? {} : { laneOrder: text('lane_order') as LaneOrder }),
    ...(row['marker'] === null ? {} : { marker: text('marker') }),
    ...(row['waits_for'] === null ? {} : { waitsFor: text('waits_for') }),
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
    if (state === 'ready' || state === 'held' || state === 'leased') oldest = Math.min(oldest, Number(row['oldest']))
  }
  return { counts, ...(oldest === Number.POSITIVE_INFINITY ? {} : { oldestUnfinishedMs: oldest }) }
}

/** Reads what needs a person out of the rows of `sql-text`'s two questions. */
export function problemsOf(dead: readonly SqlRow[], blocked: readonly SqlRow[]): Problems {
  return {
    dead: dead.map((row): DeadGroup => ({
      provider: row['provider'] as string,
      type: row['type'] as string,
      lastError: row['last_error'] as string,
      count: Number(row['count']),
      oldestMs: Number(row['oldest']),
      newestMs: Number(row['newest']),
    })),
    blockedLanes: blocked.map((row): BlockedLane => ({
      lane: row['lane'] as string,
      seq: Number(row['seq']),
      waiting: Number(row['waiting']),
    })),
  }
}
