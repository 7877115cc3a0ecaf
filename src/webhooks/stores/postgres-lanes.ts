import { hash } from 'node:crypto'
import { isOrdered, stateAfter } from '../inbox-rules.ts'
import { type InboxEvent, type Outcome } from '../inbox.ts'
import { type PostgresClient } from './postgres-pool.ts'
import { type SqlRow } from './sql-row.ts'
import { coverText, wakeLaneText, wakeMarkerText } from './sql-text.ts'

/** Any number will do, as long as every goodfence uses the same. */
const everyLane = 7_214_306_012

/**
 * Waits until no other transaction works on these lanes and markers. A server shows transactions the rows that
 * were committed before: without this, one that parks an event and one that settles the event before it would
 * not see each other, and nobody would wake the first.
 */
export async function lockLanes(client: PostgresClient, names: readonly (string | null | undefined)[]): Promise<void> {
  const keys = names
    .filter((name) => name !== null && name !== undefined)
    .map((name) => Buffer.from(hash('sha256', name), 'hex').readBigInt64BE())
    // In one order everywhere, so that no two wait for each other.
    .toSorted((a, b) => (a < b ? -1 : 1))
  await client.query(
    `SELECT pg_advisory_xact_lock_shared(${everyLane}), ${keys.map((_, at) => `pg_advisory_xact_lock($${at + 1})`).join(', ')}`,
    keys,
  )
}

/** Waits until no other transaction works on any lane or marker. */
export async function lockEveryLane(client: PostgresClient): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${everyLane})`)
}

/** Wakes the event that an ordered lane's turn has come to. */
export async function wakeLane(client: PostgresClient, lane: string, now: string): Promise<void> {
  await client.query(wakeLaneText('$1', now), [lane])
}

/** Wakes what waits for a marker of which an event was handled. */
export async function announce(client: PostgresClient, marker: unknown, now: string): Promise<void> {
  if (typeof marker === 'string') await client.query(wakeMarkerText('$1', now), [marker])
}

/** Wakes, in each ordered lane of these rows, the event whose turn it is. */
export async function wakeLanes(client: PostgresClient, rows: readonly SqlRow[], now: string): Promise<void> {
  const lanes = new Set(rows.filter((row) => row['lane_order'] !== null).map((row) => row['lane'] as string))
  for (const lane of lanes) await wakeLane(client, lane, now)
}

/** Whether settling this event may wake or be woken by another. */
export function touchesOthers(event: InboxEvent, outcome: Outcome): boolean {
  const awaits = outcome.kind === 'hold' && outcome.marker !== undefined
  return awaits || event.marker !== undefined || isOrdered(event)
}

/** Wakes what a settled event held up, and supersedes what it covers. */
export async function release(client: PostgresClient, event: InboxEvent, outcome: Outcome, now: string): Promise<void> {
  const state = stateAfter[outcome.kind]
  const { seq, lane, marker } = event
  const awaited = outcome.kind === 'hold' ? outcome.marker : undefined
  await lockLanes(client, [lane, marker, awaited])
  if (lane !== undefined && isOrdered(event) && state !== 'ready' && state !== 'held') {
    if (outcome.kind === 'done' && outcome.coversSeq !== undefined) {
      const { rows } = await client.query(coverText('$1', '$2', now), [lane, outcome.coversSeq])
      for (const row of rows) await announce(client, row['marker'], now)
    }
    await wakeLane(client, lane, now)
  }
  if (state === 'done' || state === 'superseded') await announce(client, marker, now)
  if (awaited === undefined) return
  await announce(client, awaited, now)
  await client.query(`UPDATE goodfence_inbox SET attempts = attempts + 1 WHERE seq = $1 AND state = 'ready'`, [seq])
}
