import { type Clock } from '../../core/clock.ts'
import { listeners, requeueable, retentionOf, stateAfter } from '../inbox-rules.ts'
import { type Claim, type Inbox, type InboxLimits } from '../inbox.ts'
import { connections, type PostgresClient, type PostgresPool } from './postgres-pool.ts'
import { putter } from './postgres-put.ts'
import { migrate } from './postgres-schema.ts'
import { conditionOf, eventColumns, eventOf, numbersOf, selectorJson, unfinished } from './sql-row.ts'

export { type PostgresClient, type PostgresPool } from './postgres-pool.ts'

export interface PostgresInboxOptions<Client extends PostgresClient> extends InboxLimits {
  /** A pool of `pg`. It stays open when the inbox is disposed. */
  readonly pool: PostgresPool<Client>
  /** For tests. @default the server's own time, so that workers need not agree on it */
  readonly clock?: Clock | undefined
}

/**
 * Makes an inbox in a PostgreSQL database that many machines share: workers pass each other by SKIP
 * LOCKED, and effects are made with the client whose transaction also settles the event. Its tables
 * are made at the first use, in the first schema of the search path.
 *
 * What was put outlives a power cut as long as the server's `synchronous_commit` is on, its default.
 *
 * @example
 * const inbox = createPostgresInbox<PoolClient>({ pool: new Pool({ connectionString }) })
 */
export function createPostgresInbox<Client extends PostgresClient>(
  options: PostgresInboxOptions<Client>,
): Inbox<Client> {
  const { pool, clock, maxUnfinished, reviveDead = true } = options
  const { connected, transaction } = connections(pool)
  const putAll = putter({ now, maxUnfinished, reviveDead })
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

  return {
    guarantees: { survives: 'power-cut', atomicEffects: true, shared: true },

    async put(events) {
      const results = await ready(() => connected((client) => putAll(client, events)))
      if (results.includes('inserted') || results.includes('revived')) watchers.tell()
      return results
    },

    claim: ({ owner, limit, leaseMs, maxCrashes = 3 }) =>
      ready(() =>
        transaction(async (client) => {
          await client.query(
            `UPDATE goodfence_inbox SET state = 'dead', due_at_ms = ${now()}, crashes = crashes + 1,
               last_error = 'crash-loop' WHERE state = 'leased' AND due_at_ms <= ${now()} AND crashes + 1 >= $1`,
            [maxCrashes],
          )
          const { rows } = await client.query(claimText(now()), [owner, Math.ceil(leaseMs), limit])
          const claims = rows
            .toSorted((a, b) => Number(a['was_due']) - Number(b['was_due']) || Number(a['seq']) - Number(b['seq']))
            .map((row): Claim => ({ event: eventOf(row), owner, fence: Number(row['fence']) }))
          const next = await client.query(`SELECT min(due_at_ms) AS due FROM goodfence_inbox WHERE ${unfinished}`)
          const due = next.rows[0]?.['due'] ?? undefined
          return { claims, nextDueAtMs: due === undefined ? undefined : Number(due) }
        }),
      ),

    settle: ({ event, fence }, outcome, effect) =>
      ready(() =>
        transaction(async (client) => {
          const { rowCount } = await client.query(
            `UPDATE goodfence_inbox SET state = $1, due_at_ms = ${now()} + $2, last_error = coalesce($3, last_error)
             WHERE seq = $4 AND fence = $5 AND state = 'leased'`,
            [
              stateAfter[outcome.kind],
              outcome.kind === 'retry' ? Math.ceil(outcome.afterMs) : 0,
              'error' in outcome ? outcome.error : null,
              event.seq,
              fence,
            ],
          )
          if (rowCount !== 1) return 'lost'
          await effect?.(client)
          return 'settled'
        }),
      ),

    extend: ({ event, fence }, leaseMs) =>
      ready(() =>
        connected(async (client) => {
          const { rowCount } = await client.query(
            `UPDATE goodfence_inbox SET due_at_ms = ${now()} + $1 WHERE seq = $2 AND fence = $3 AND state = 'leased'`,
            [Math.ceil(leaseMs), event.seq, fence],
          )
          return rowCount === 1 ? 'extended' : 'lost'
        }),
      ),

    async requeue(selector, choice) {
      const chosen = { ...selector, states: requeueable(selector, choice) }
      const where = conditionOf(chosen, has)
      const count = await ready(() =>
        connected(async (client) => {
          if (choice.dryRun === true) {
            const text = `SELECT count(*) AS count FROM goodfence_inbox WHERE ${where}`
            return Number((await client.query(text, [selectorJson(chosen)])).rows[0]?.['count'])
          }
          const { rowCount } = await client.query(
            `UPDATE goodfence_inbox SET state = 'ready', due_at_ms = ${now()}, attempts = 0, crashes = 0,
               replays = replays + 1, requeued_by = $2, requeued_reason = $3 WHERE ${where}`,
            [selectorJson(chosen), choice.by, choice.reason],
          )
          return rowCount ?? 0
        }),
      )
      if (count > 0 && choice.dryRun !== true) watchers.tell()
      return count
    },

    inspect: ({ limit = 100, afterSeq = 0, ...selector } = {}) =>
      ready(() =>
        connected(async (client) => {
          const { rows } = await client.query(
            `SELECT ${eventColumns} FROM goodfence_inbox
             WHERE $1::jsonb IS NOT NULL AND ${conditionOf(selector, has)} AND seq > $2 ORDER BY seq LIMIT $3`,
            [selectorJson(selector), afterSeq, limit],
          )
          const numbers = await client.query(
            'SELECT state, count(*) AS count, min(received_at_ms) AS oldest FROM goodfence_inbox GROUP BY state',
          )
          return { events: rows.map(eventOf), ...numbersOf(numbers.rows) }
        }),
      ),

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs } = retentionOf(retention)
      const finished = (ageMs: number) =>
        `state IN ('done', 'superseded') AND received_at_ms < ${now()} - ${Math.ceil(ageMs)}`
      return ready(() =>
        transaction(async (client) => {
          const forgotten = await client.query(`DELETE FROM goodfence_inbox WHERE ${finished(eventsAfterMs)}`)
          const emptied = await client.query(
            `UPDATE goodfence_inbox SET body = '' WHERE ${finished(bodiesAfterMs)} AND length(body) > 0`,
          )
          return { events: forgotten.rowCount ?? 0, bodies: emptied.rowCount ?? 0 }
        }),
      )
    },

    watch: watchers.add,
    async [Symbol.asyncDispose]() {},
  }
}

/** A lane's first due event is eligible while no other of it is leased. */
function claimText(now: string): string {
  return `
    WITH chosen AS (
      SELECT seq, state, due_at_ms FROM goodfence_inbox AS event
      WHERE ${unfinished} AND due_at_ms <= ${now} AND (lane IS NULL OR NOT EXISTS (
        SELECT 1 FROM goodfence_inbox AS other
        WHERE other.lane = event.lane AND other.seq <> event.seq AND other.${unfinished} AND (
          (other.state = 'leased' AND other.due_at_ms > ${now}) OR
          (other.due_at_ms <= ${now} AND (other.due_at_ms, other.seq) < (event.due_at_ms, event.seq)))))
      ORDER BY due_at_ms, seq LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    UPDATE goodfence_inbox AS inbox SET state = 'leased', owner = $1, due_at_ms = ${now} + $2,
      crashes = crashes + CASE WHEN chosen.state = 'leased' THEN 1 ELSE 0 END, attempts = attempts + 1, fence = fence + 1
    FROM chosen WHERE inbox.seq = chosen.seq
    RETURNING ${eventColumns.replaceAll(/\w+/g, 'inbox.$&')}, inbox.fence, chosen.due_at_ms AS was_due`
}

function has(column: string, name: string): string {
  return `${column}::text IN (SELECT jsonb_array_elements_text($1::jsonb -> '${name}'))`
}
