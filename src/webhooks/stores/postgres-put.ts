import { hashOfKey } from '../event-key.ts'
import { requirePlace } from '../inbox-rules.ts'
import { type NewEvent, type PutResult } from '../inbox.ts'
import { gathering } from './gather.ts'
import { type Arrival, arrivalOf, inserter, type InserterOptions, twinOf } from './postgres-insert.ts'
import { announce, lockLanes, wakeLane, wakeLanes } from './postgres-lanes.ts'
import { type Connections, type PostgresClient } from './postgres-pool.ts'
import { type SqlRow } from './sql-row.ts'
import { requeuedText } from './sql-text.ts'

export interface PutterOptions extends InserterOptions {
  readonly reviveDead: boolean
}

/** Puts events in their order and tells new from known. */
export type Putter = (events: readonly NewEvent[]) => Promise<readonly PutResult[]>

/** Makes the function that puts events. Those of different callers that wait for no other share a commit. */
export function putter(
  { connected, transaction }: Connections<PostgresClient>,
  { reviveDead, ...options }: PutterOptions,
): Putter {
  const { now } = options
  const insert = inserter(options)
  const insertAnyway = inserter({ ...options, maxUnfinished: undefined })
  const insertFree = gathering<Arrival, boolean>((arrivals) => connected((client) => insert(client, arrivals)))

  function insertWaiting(arrival: Arrival): Promise<boolean> {
    const { lane, laneOrder, waitsFor } = arrival.place
    return transaction(async (client) => {
      // The lane's own order of arrival: without the lock, an event could be seen before one with a lower number.
      await lockLanes(client, [lane, waitsFor])
      const [isNew = false] = await insert(client, [arrival])
      if (!isNew) return false
      if (laneOrder !== null) await wakeLane(client, lane as string, now())
      await announce(client, waitsFor, now())
      return true
    })
  }

  async function revive(known: SqlRow): Promise<boolean> {
    return transaction(async (client) => {
      if (known['lane_order'] !== null) await lockLanes(client, [known['lane'] as string])
      const text = `UPDATE goodfence_inbox SET ${requeuedText(now())} WHERE seq = $1 AND state = 'dead'`
      const { rowCount } = await client.query(text, [known['seq']])
      await wakeLanes(client, [known], now())
      return rowCount === 1
    })
  }

  async function putOne(event: NewEvent): Promise<PutResult> {
    requirePlace(event)
    const arrival = arrivalOf(event)
    const { laneOrder, waitsFor } = arrival.place
    const isFree = laneOrder === null && waitsFor === null
    if (await (isFree ? insertFree : insertWaiting)(arrival)) return 'inserted'
    const known = await connected((client) => find(client, event))
    if (known === 'buried') return 'duplicate'
    if (known === undefined) return 'full'
    if (known['body_hash'] !== arrival.digest) {
      await connected((client) => insertAnyway(client, [twinOf(arrival)]))
      return 'conflict'
    }
    if (known['state'] !== 'dead' || !reviveDead) return 'duplicate'
    return (await revive(known)) ? 'revived' : 'duplicate'
  }

  /** Each event commits by itself: a batch that locked many could wait for another for ever. */
  return async (events) => {
    const results: PutResult[] = []
    for (const event of events) results.push(await putOne(event))
    return results
  }
}

/** The row that is known by an event's key, or that it was buried. */
async function find(client: PostgresClient, event: NewEvent): Promise<SqlRow | 'buried' | undefined> {
  const { provider, account, subscription, eventId } = event
  const { rows } = await client.query(
    `SELECT seq, state, body_hash, lane, lane_order FROM goodfence_inbox
     WHERE provider = $1 AND account = $2 AND subscription = $3 AND event_id = $4 AND twin = ''`,
    [provider, account, subscription, eventId],
  )
  const buried = 'SELECT 1 FROM goodfence_inbox_tombstone WHERE key = $1'
  return rows[0] ?? ((await client.query(buried, [hashOfKey(event)])).rows.length === 0 ? undefined : 'buried')
}
