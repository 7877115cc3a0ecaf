import { hash } from 'node:crypto'
import { type InboxLimits, type NewEvent, type PutResult } from '../inbox.ts'
import { type PostgresClient } from './postgres-pool.ts'
import { unfinished } from './sql-row.ts'

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
    state: string,
    digest: string,
    twin: string,
  ): Promise<boolean> {
    const { provider, account, subscription, eventId, type, body, occurredAtMs = null, lane = null } = event
    const key = [provider, account, subscription, eventId, twin]
    const { rowCount } = await client.query(
      `INSERT INTO goodfence_inbox (provider, account, subscription, event_id, twin, type, state, body, body_hash,
         occurred_at_ms, lane, received_at_ms, due_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ${now()}, ${now()}) ON CONFLICT DO NOTHING`,
      [...key, type, state, Buffer.from(body.buffer, body.byteOffset, body.length), digest, occurredAtMs, lane],
    )
    return rowCount === 1
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
    const { provider, account, subscription, eventId } = event
    const digest = hash('sha256', event.body)
    const state = event.quarantined === true ? 'quarantined' : 'ready'
    if (!(await isFull(client)) && (await insert(client, event, state, digest, ''))) return 'inserted'
    const { rows } = await client.query(
      `SELECT seq, state, body_hash FROM goodfence_inbox
       WHERE provider = $1 AND account = $2 AND subscription = $3 AND event_id = $4 AND twin = ''`,
      [provider, account, subscription, eventId],
    )
    const [known] = rows
    if (known === undefined) return 'full'
    if (known['body_hash'] !== digest) {
      await insert(client, event, 'conflict', digest, digest)
      return 'conflict'
    }
    if (known['state'] !== 'dead' || !reviveDead) return 'duplicate'
    const { rowCount } = await client.query(
      `UPDATE goodfence_inbox SET state = 'ready', due_at_ms = ${now()}, attempts = 0, crashes = 0,
         replays = replays + 1 WHERE seq = $1 AND state = 'dead'`,
      [known['seq']],
    )
    return rowCount === 1 ? 'revived' : 'duplicate'
  }

  /** Each event commits for itself: a batch that locked many could wait for another for ever. */
  return async (client, events) => {
    const results: PutResult[] = []
    for (const event of events) results.push(await putOne(client, event))
    return results
  }
}
