import { hash } from 'node:crypto'
import { hashOfKey, textOfKey } from '../event-key.ts'
import { type EventState, neverMs, type NewEvent } from '../inbox.ts'
import { type PostgresClient, type PostgresQuery } from './postgres-pool.ts'
import { placeOf, type SqlPlace } from './sql-place.ts'
import { unfinished } from './sql-row.ts'

/** What a row is made of, with the types in which the values travel. */
const types = {
  provider: 'text',
  account: 'text',
  subscription: 'text',
  event_id: 'text',
  twin: 'text',
  type: 'text',
  state: 'text',
  body: 'bytea',
  body_hash: 'text',
  occurred_at_ms: 'float8',
  lane: 'text',
  lane_order: 'text',
  marker: 'text',
  waits_for: 'text',
  delay_ms: 'bigint',
  stone: 'text',
} as const

const names = Object.keys(types) as (keyof typeof types)[]

/** An event on its way into the table. */
export interface Arrival {
  readonly event: NewEvent
  readonly digest: string
  readonly place: SqlPlace
  /** Empty, or the digest where other bytes are known under the same key. */
  readonly twin: string
}

/** The row of an event that arrives. */
export function arrivalOf(event: NewEvent): Arrival {
  const asked: EventState = event.quarantined === true ? 'quarantined' : 'ready'
  return { event, digest: hash('sha256', event.body), place: placeOf(event, asked), twin: '' }
}

/** The row of an event whose key is known with other bytes. */
export function twinOf({ event, digest }: Arrival): Arrival {
  return { event, digest, place: placeOf(event, 'conflict'), twin: digest }
}

function valuesOf({ event, digest, place, twin }: Arrival): Record<keyof typeof types, unknown> {
  const { provider, account, subscription, eventId, type, body, occurredAtMs } = event
  return {
    provider,
    account,
    subscription,
    event_id: eventId,
    twin,
    type,
    state: place.state,
    body: Buffer.from(body.buffer, body.byteOffset, body.length),
    body_hash: digest,
    occurred_at_ms: occurredAtMs,
    lane: place.lane,
    lane_order: place.laneOrder,
    marker: place.marker,
    waits_for: place.waitsFor,
    delay_ms: place.delayMs,
    stone: hashOfKey(event),
  }
}

export interface InserterOptions {
  /** The time as an expression of SQL. */
  readonly now: () => string
  readonly statement: (text: string) => PostgresQuery
  /** No more than this many unfinished events. */
  readonly maxUnfinished: number | undefined
}

/** Inserts events that are new, in one statement, and answers for each whether it was. */
export type Inserter = (client: PostgresClient, arrivals: readonly Arrival[]) => Promise<readonly boolean[]>

/** Makes the function that inserts events. */
export function inserter({ now, statement, maxUnfinished }: InserterOptions): Inserter {
  return async (client, arrivals) => {
    // Of several with one key the first: the others then find it.
    const firsts = new Map(arrivals.map((each, at) => [textOfKey(each.event), at] as const).toReversed())
    const sent = [...firsts.values()]
    const rows = sent.map((at) => valuesOf(arrivals[at] as Arrival))
    const values = names.map((name) => rows.map((row) => row[name]))
    const answer = await client.query(statement(insertText(now(), maxUnfinished)), values)
    const inserted = new Set(answer.rows.map((row) => sent[Number(row['at']) - 1]))
    return arrivals.map((_, at) => inserted.has(at))
  }
}

/**
 * Inserts what is new, in the order of the keys, so that no two statements wait for each other. What is known is left out
 * beforehand: the insert itself would wait for the effects of an event that is just being settled. OFFSET 0 keeps that a
 * look into an index for each event, where a join might read the table.
 */
function insertText(now: string, maxUnfinished: number | undefined): string {
  const key = ['provider', 'account', 'subscription', 'event_id', 'twin']
  const columns = names.filter((name) => name !== 'delay_ms' && name !== 'stone')
  // What comes out of a query gives no reason to plan anew for each number of events.
  const given = names.map((name, at) => `(SELECT $${at + 1}::${types[name]}[])`)
  const room = `LIMIT greatest(0, ${maxUnfinished} - (
    SELECT count(*) FROM (SELECT 1 FROM goodfence_inbox WHERE ${unfinished} LIMIT ${maxUnfinished}) AS events))`
  return `
    WITH given AS (
      SELECT * FROM unnest(${given.join(', ')})
      WITH ORDINALITY AS given (${names.join(', ')}, at)
    ), inserted AS (
      INSERT INTO goodfence_inbox (${columns.join(', ')}, due_at_ms, received_at_ms)
      SELECT ${columns.join(', ')}, least(${now} + delay_ms, ${neverMs}), ${now} FROM given
      WHERE NOT EXISTS (SELECT 1 FROM goodfence_inbox_tombstone AS known WHERE known.key = stone OFFSET 0)
        AND NOT EXISTS (
          SELECT 1 FROM goodfence_inbox AS known
          WHERE ${key.map((name) => `known.${name} = given.${name}`).join(' AND ')} OFFSET 0)
      ORDER BY ${key.join(', ')} ${maxUnfinished === undefined ? '' : room}
      ON CONFLICT DO NOTHING RETURNING ${key.join(', ')}
    )
    SELECT at FROM given JOIN inserted USING (${key.join(', ')})`
}
