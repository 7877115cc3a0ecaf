import { hash } from 'node:crypto'
import { type Clock, systemClock } from '../../core/clock.ts'
import { hashOfKey } from '../event-key.ts'
import { listeners, requeueable, retentionOf, stateAfter } from '../inbox-rules.ts'
import { type Inbox, type InboxLimits, type Outcome } from '../inbox.ts'
import { claimer } from './postgres-claim.ts'
import { announce, lockEveryLane, release, touchesOthers, wakeLanes } from './postgres-lanes.ts'
import { connections, type PostgresClient, type PostgresPool, type PostgresQuery } from './postgres-pool.ts'
import { putter } from './postgres-put.ts'
import { migrate } from './postgres-schema.ts'
import { extendText, selectorOf, settleText } from './postgres-text.ts'
import { eventColumns, eventOf, numbersOf, problemsOf } from './sql-row.ts'
import { blockedLanesText, conditionOf, deadGroupsText, requeuedText, selectorJson, wholeText } from './sql-text.ts'

export { type PostgresEffectGuard, postgresEffectGuard, postgresNewest } from './postgres-guard.ts'
export { type PostgresAnswer, type PostgresClient, type PostgresPool, type PostgresQuery } from './postgres-pool.ts'

export interface PostgresInboxOptions<Client extends PostgresClient> extends InboxLimits {
  /** A pool of `pg`. It stays open when the inbox is disposed. */
  readonly pool: PostgresPool<Client>
  /** For tests. @default the server's own time, so that workers need not agree on it */
  readonly clock?: Clock | undefined
  /**
   * Has the server plan the statements that every event needs once on each connection, as named prepared statements. Set it
   * to `false` behind a pooler that shares connections between transactions and knows none, such as PgBouncer before 1.21, or with `max_prepared_statements` 0.
   * @default true
   */
  readonly prepare?: boolean | undefined
}

const dayMs = 86_400_000

/** How many events become tombstones while deliveries wait. */
const batch = 1_000

/**
 * Makes an inbox in a PostgreSQL database that many machines share: workers pass each other by SKIP
 * LOCKED, and effects are made with the client whose transaction also settles the event. Its tables
 * are made at the first use, in the first schema of the search path.
 *
 * Deliveries that arrive together share a commit. What was put outlives a power cut as long as the server's
 * `synchronous_commit` is on, its default.
 *
 * @example
 * const pool = new Pool({ connectionString })
 * pool.on('error', (error) => console.error(error.message)) // without a listener, pg ends the process when an idle client breaks
 * const inbox = createPostgresInbox<PoolClient>({ pool })
 */
export function createPostgresInbox<Client extends PostgresClient>(
  options: PostgresInboxOptions<Client>,
): Inbox<Client> {
  const { pool, clock, maxUnfinished, reviveDead = true, prepare = true } = options
  const { connected, transaction } = connections(pool)
  const putAll = putter({ connected, transaction }, { now, statement, maxUnfinished, reviveDead })
  const claim = claimer({ connected, transaction }, { now, statement, clock: clock ?? systemClock })
  const watchers = listeners()
  let migrated: Promise<void> | undefined

  /** Waits for the tables, and lets no virtual clock jump before the server has answered. */
  async function ready<Result>(work: () => Promise<Result>): Promise<Result> {
    const all = async () => {
      migrated ??= transaction(migrate).catch((error: unknown) => {
        migrated = undefined
        throw error
      })
      await migrated
      return work()
    }
    return clock === undefined ? all() : clock.hold(all())
  }

  /** The time as an expression of SQL: an injected clock's, or the server's. */
  function now(): string {
    return clock === undefined
      ? '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'
      : `${Math.floor(clock.now())}::bigint`
  }

  /** A statement that is used again and again. Its name is made of its text, since other versions share the connections of a pooler. */
  function statement(text: string): PostgresQuery {
    // An injected clock's time is part of the text.
    return prepare && clock === undefined ? { name: `goodfence_${hash('sha256', text).slice(0, 32)}`, text } : text
  }

  /**
   * Puts a tombstone in the place of some events, and answers of how many. Every statement sees the one or the other. What is
   * locked is left alone: someone has it done again.
   */
  function entomb(condition: string): Promise<number> {
    return transaction(async (client) => {
      const { rows } = await client.query(
        `WITH chosen AS MATERIALIZED (
           SELECT seq FROM goodfence_inbox WHERE ${condition} ORDER BY seq LIMIT ${batch} FOR UPDATE SKIP LOCKED
         )
         DELETE FROM goodfence_inbox AS inbox USING chosen WHERE inbox.seq = chosen.seq
         RETURNING ${eventColumns.replaceAll(/\w+/g, 'inbox.$&').replace('inbox.body', `''::bytea AS body`)}`,
      )
      const stones = rows.map(eventOf).map((event) => {
        return { key: hashOfKey(event), outcome: event.state, day: Math.floor(event.receivedAtMs / dayMs) }
      })
      await client.query(
        `INSERT INTO goodfence_inbox_tombstone
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS stone(key TEXT, outcome TEXT, day INTEGER)
         ORDER BY key ON CONFLICT DO NOTHING`,
        [JSON.stringify(stones)],
      )
      return rows.length
    })
  }

  return {
    guarantees: { survives: 'power-cut', atomicEffects: true, shared: true },

    async put(events) {
      const results = await ready(() => putAll(events))
      if (results.includes('inserted') || results.includes('revived')) watchers.tell()
      return results
    },

    claim: (choice) => ready(() => claim(choice)),

    settle: ({ event, fence }, outcome, effect) => {
      const values = settleValues(outcome, event.seq, fence)
      return ready(async () => {
        if (effect === undefined && !touchesOthers(event, outcome)) {
          const { rowCount } = await connected((client) => client.query(statement(settleText(now())), values))
          return rowCount === 1 ? 'settled' : 'lost'
        }
        return transaction(async (client) => {
          const { rowCount } = await client.query(statement(settleText(now())), values)
          if (rowCount !== 1) return 'lost'
          await effect?.(client)
          // Last, since from here on what arrives in its lane has to wait for the commit.
          if (touchesOthers(event, outcome)) await release(client, event, outcome, now())
          return 'settled'
        })
      })
    },

    extend: ({ event, fence }, leaseMs) =>
      ready(() =>
        connected(async (client) => {
          const values = [Math.ceil(leaseMs), event.seq, fence]
          if ((await client.query(extendText(now()), values)).rowCount === 1) return 'extended'
          // It is not ours any more, or just being settled: then nothing is to be extended.
          const held = `SELECT 1 FROM goodfence_inbox WHERE seq = $1 AND fence = $2 AND state = 'leased'`
          return (await client.query(held, [event.seq, fence])).rowCount === 1 ? 'extended' : 'lost'
        }),
      ),

    async requeue(selector, choice) {
      const chosen = { ...selector, states: requeueable(selector, choice) }
      const where = `${conditionOf(chosen, selectorOf)} AND ${wholeText}`
      const json = selectorJson(chosen)
      if (choice.dryRun === true) {
        const text = `SELECT count(*) AS count FROM goodfence_inbox WHERE ${where}`
        const { rows } = await ready(() => connected((client) => client.query(text, [json])))
        return Number(rows[0]?.['count'])
      }
      const change = choice.to === 'skip' ? `state = 'superseded', due_at_ms = ${now()}` : requeuedText(now())
      const count = await ready(() =>
        transaction(async (client) => {
          await lockEveryLane(client)
          const { rows } = await client.query(
            `UPDATE goodfence_inbox SET ${change}, requeued_by = $2, requeued_reason = $3 WHERE ${where}
             RETURNING lane, lane_order, marker`,
            [json, choice.by, choice.reason],
          )
          await wakeLanes(client, rows, now())
          if (choice.to === 'skip') for (const row of rows) await announce(client, row['marker'], now())
          return rows.length
        }),
      )
      if (count > 0) watchers.tell()
      return count
    },

    inspect: ({ limit = 100, afterSeq = 0, problems = false, ...selector } = {}) =>
      ready(() =>
        connected(async (client) => {
          const { rows } = await client.query(
            `SELECT ${eventColumns} FROM goodfence_inbox
             WHERE $1::jsonb IS NOT NULL AND ${conditionOf(selector, selectorOf)} AND seq > $2 ORDER BY seq LIMIT $3`,
            [selectorJson(selector), afterSeq, limit],
          )
          const numbers = await client.query(
            'SELECT state, count(*) AS count, min(received_at_ms) AS oldest FROM goodfence_inbox GROUP BY state',
          )
          const found = { events: rows.map(eventOf), ...numbersOf(numbers.rows) }
          if (!problems) return found
          const dead = await client.query(deadGroupsText)
          const blocked = await client.query(blockedLanesText)
          return { ...found, problems: problemsOf(dead.rows, blocked.rows) }
        }),
      ),

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs, tombstonesAfterMs } = retentionOf(retention)
      const finished = (ageMs: number) =>
        `state IN ('done', 'superseded') AND received_at_ms < ${now()} - ${Math.ceil(ageMs)}`
      return ready(async () => {
        let events = 0
        for (let entombed = batch; entombed === batch; events += entombed)
          entombed = await entomb(finished(eventsAfterMs))
        return connected(async (client) => {
          const emptied = await client.query(
            `WITH chosen AS MATERIALIZED (
               SELECT seq FROM goodfence_inbox WHERE ${finished(bodiesAfterMs)} AND length(body) > 0 FOR UPDATE SKIP LOCKED
             )
             UPDATE goodfence_inbox AS inbox SET body = '' FROM chosen WHERE inbox.seq = chosen.seq`,
          )
          const unearthed = await client.query(
            `DELETE FROM goodfence_inbox_tombstone WHERE day < (${now()} - ${Math.ceil(tombstonesAfterMs)}) / ${dayMs}`,
          )
          return { bodies: emptied.rowCount ?? 0, events, tombstones: unearthed.rowCount ?? 0 }
        })
      })
    },

    watch: watchers.add,
    async [Symbol.asyncDispose]() {},
  }
}

function settleValues(outcome: Outcome, seq: number, fence: number): unknown[] {
  const pauseMs = outcome.kind === 'retry' ? outcome.afterMs : outcome.kind === 'hold' ? outcome.forMs : 0
  const error = 'error' in outcome ? outcome.error : null
  const marker = outcome.kind === 'hold' ? (outcome.marker ?? null) : null
  return [stateAfter[outcome.kind], Math.ceil(pauseMs), error, seq, fence, Number(outcome.kind === 'hold'), marker]
}
