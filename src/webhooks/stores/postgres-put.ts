import { hash } from 'node:crypto'
import { hashOfKey } from '../event-key.ts'
import { requirePlace } from '../inbox-rules.ts'
import { type EventState, type InboxLimits, neverMs, type NewEvent, type PutResult } from '../inbox.ts'
import { announce, lockLanes, wakeLane, wakeLanes } from './postgres-lanes.ts'
import { inTransaction, type PostgresClient } from './postgres-pool.ts'
import { placeOf } from './sql-place.ts'
import { type SqlRow, unfinished } from './sql-row.ts'
import { requeuedText } from './sql-text.ts'

export interface PutterOptions {
  /** The time as an expression of SQL. */
  readonly now: () => string
  readonly maxUnfinished: InboxLimits['maxUnfinished'] | undefined
  readonly reviveDead: boolean
}

/** Puts events in their order and tells new from known. */
export type Putter = (client: PostgresClient, events: readonly NewEvent[]) => Promise<readonly PutResult[]>

/** Makes the function that puts events. */
export function putter({ now, maxUnfinished, reviveDead }: PutterOptions): Putter {
  async function insert(
    client: PostgresClient,
    event: NewEvent,
    asked: EventState,
    digest: string,
    twin: string,
  ): Promise<boolean> {
    const { provider, account, subscription, eventId, type, body, occurredAtMs = null } = event
    const { lane, laneOrder, marker, waitsFor, state, delayMs } = placeOf(event, asked)
    const key = [provider, account, subscription, eventId, twin]
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
    const place = [lane, laneOrder, marker, waitsFor, delayMs]
    const insertNow = async () => {
      const { rowCount } = await client.query(
        `INSERT INTO goodfence_inbox (provider, account, subscription, event_id, twin, type, state, body, body_hash,
           occurred_at_ms, lane, lane_order, marker, waits_for, due_at_ms, received_at_ms)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8::bytea, $9, $10::float8, $11, $12, $13, $14,
           least(${now()} + $15::bigint, ${neverMs}), ${now()}
         WHERE NOT EXISTS (SELECT 1 FROM goodfence_inbox_tombstone WHERE key = $16) ON CONFLICT DO NOTHING`,
        [...key, type, state, bytes, digest, occurredAtMs, ...place, hashOfKey(event)],
      )
      return rowCount === 1
    }
    if (laneOrder === null && waitsFor === null) return insertNow()
    return inTransaction(client, async () => {
      // The lane's own order of arrival: without the lock, an event could be seen before one with a lower number.
      await lockLanes(client, [lane, waitsFor])
      if (!(await insertNow())) return false
      if (laneOrder !== null) await wakeLane(client, lane as string, now())
      await announce(client, waitsFor, now())
      return true
    })
  }

  async function revive(client: PostgresClient, known: SqlRow): Promise<boolean> {
    return inTransaction(client, async () => {
      if (known['lane_order'] !== null) await lockLanes(client, [known['lane'] as string])
      const text = `UPDATE goodfence_inbox SET ${requeuedText(now())} WHERE seq = $1 AND state = 'dead'`
      const { rowCount } = await client.query(text, [known['seq']])
      await wakeLanes(client, [known], now())
      return rowCount === 1
    })
  }

  async function isFull(client: PostgresClient): Promise<boolean> {
    if (maxUnfinished === undefined) return false
    const { rows } = await client.query(
      `SELECT count(*) AS waiting FROM (SELECT 1 FROM goodfence_inbox WHERE ${unfinished} LIMIT $1) AS events`,
      [maxUnfinished],
    )
    return Number(rows[0]?.['waiting']) >= maxUnfinished
  }

  async function putOne(client: PostgresClient, event: NewEvent): Promise<PutResult> {
    requirePlace(event)
    const { provider, account, subscription, eventId } = event
    const digest = hash('sha256', event.body)
    const state = event.quarantined === true ? 'quarantined' : 'ready'
    if (!(await isFull(client)) && (await insert(client, event, state, digest, ''))) return 'inserted'
    const { rows } = await client.query(
      `SELECT seq, state, body_hash, lane, lane_order FROM goodfence_inbox
       WHERE provider = $1 AND account = $2 AND subscription = $3 AND event_id = $4 AND twin = ''`,
      [provider, account, subscription, eventId],
    )
    const [known] = rows
    if (known === undefined) {
      const buried = 'SELECT 1 FROM goodfence_inbox_tombstone WHERE key = $1'
      return (await client.query(buried, [hashOfKey(event)])).rows.length === 0 ? 'full' : 'duplicate'
    }
    if (known['body_hash'] !== digest) {
      await insert(client, event, 'conflict', digest, digest)
      return 'conflict'
    }
    if (known['state'] !== 'dead' || !reviveDead) return 'duplicate'
    return (await revive(client, known)) ? 'revived' : 'duplicate'
  }

  /** Each event commits for itself: a batch that locked many could wait for another for ever. */
  return async (client, events) => {
    const results: PutResult[] = []
    for (const event of events) results.push(await putOne(client, event))
    return results
  }
}
