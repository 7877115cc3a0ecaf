import { hash } from 'node:crypto'
import {
  type BlockedLane,
  type DeadGroup,
  type InboxEvent,
  type NewEvent,
  type Problems,
  type Selector,
} from '../inbox.ts'
import { type Waits } from './memory-waits.ts'

/** An event as the memory inbox holds it. */
export type Row = { -readonly [Field in keyof InboxEvent]: InboxEvent[Field] } & {
  fence: number
  owner: string
  /** Of the body, once the body is gone. */
  digest?: string
}

/** Most rows wait for nobody, and cost nothing. */
export function mayWait({ lane, marker, waitsFor }: Row): boolean {
  return lane !== undefined || marker !== undefined || waitsFor !== undefined
}

/** The event as it is kept in conflict: its being skipped must not pass for its twin's being handled. */
export function withoutPlace(event: NewEvent): NewEvent {
  const { lane: _lane, laneOrder: _order, marker: _marker, after: _after, ...rest } = event
  return rest
}

/** Whether these bytes are the row's, also when its body is gone. */
export function sameBody(row: Row, body: Uint8Array): boolean {
  return row.digest === undefined ? Buffer.compare(row.body, body) === 0 : row.digest === hash('sha256', body)
}

/** Whether a selector means the row. */
export function isSelected(row: Row, selector: Selector): boolean {
  const { seqs, states, provider, type, eventId, lane, marker, lastError, sinceMs } = selector
  return (
    (seqs === undefined || seqs.includes(row.seq)) &&
    (states === undefined || states.includes(row.state)) &&
    (provider === undefined || row.provider === provider) &&
    (type === undefined || row.type === type) &&
    (eventId === undefined || row.eventId === eventId) &&
    (lane === undefined || row.lane === lane) &&
    (marker === undefined || row.marker === marker) &&
    (lastError === undefined || row.lastError === lastError) &&
    (sinceMs === undefined || row.receivedAtMs >= sinceMs)
  )
}

/** The row as it is now, without what only the store needs. */
export function shownOf(row: Row): InboxEvent {
  // Named one by one: taking away what is not wanted costs ten times as much.
  const { seq, provider, account, subscription, eventId, type, state, body, receivedAtMs, dueAtMs } = row
  const { attempts, crashes, replays, occurredAtMs, lane, laneOrder, marker, waitsFor, requeued, lastError } = row
  const event: { -readonly [Field in keyof InboxEvent]: InboxEvent[Field] } = {
    seq,
    provider,
    account,
    subscription,
    eventId,
    type,
    state,
    body,
    receivedAtMs,
    dueAtMs,
    attempts,
    crashes,
    replays,
  }
  if (occurredAtMs !== undefined) event.occurredAtMs = occurredAtMs
  if (lane !== undefined) event.lane = lane
  if (laneOrder !== undefined) event.laneOrder = laneOrder
  if (marker !== undefined) event.marker = marker
  if (waitsFor !== undefined) event.waitsFor = waitsFor
  if (requeued !== undefined) event.requeued = requeued
  if (lastError !== undefined) event.lastError = lastError
  return event
}

/** What needs a person, among all rows. */
export function problemsOf(rows: Iterable<Row>, waits: Waits<Row>): Problems {
  const groups = new Map<string, DeadGroup>()
  for (const { state, provider, type, lastError = '', receivedAtMs } of rows) {
    if (state !== 'dead') continue
    const key = JSON.stringify([provider, type, lastError])
    const { count = 0, oldestMs = receivedAtMs } = groups.get(key) ?? {}
    groups.set(key, { provider, type, lastError, count: count + 1, oldestMs, newestMs: receivedAtMs })
  }
  const dead = [...groups].toSorted(([a, { count: some }], [b, { count: more }]) => more - some || (a < b ? -1 : 1))
  const blockedLanes = [...waits.blocked()]
    .map(({ row, waiting }): BlockedLane => ({ lane: row.lane as string, seq: row.seq, waiting }))
    .toSorted((a, b) => a.seq - b.seq)
  return { dead: dead.slice(0, 100).map(([, group]) => group), blockedLanes: blockedLanes.slice(0, 100) }
}
