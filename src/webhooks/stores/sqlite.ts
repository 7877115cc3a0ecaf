import { hash } from 'node:crypto'
import { type DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { listeners, requeueable, retentionOf, stateAfter } from '../inbox-rules.ts'
import { type Claim, type Inbox, type InboxLimits, type NewEvent, type PutResult } from '../inbox.ts'
import { conditionOf, eventColumns, eventOf, numbersOf, selectorJson, type SqlRow, unfinished } from './sql-row.ts'
import { migrate, openInboxFile, survivalOf } from './sqlite-file.ts'
import { groupCommit } from './group-commit.ts'

export interface SqliteInboxOptions extends InboxLimits {
  /**
   * A file, made readable for its owner alone; or `:memory:`; or an open database, so that the events and the
   * application's own tables commit together. An open database stays open when the inbox is disposed.
   */
  readonly database: string | DatabaseSync
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/**
 * Makes an inbox in an SQLite database, without a dependency: what was put outlives a power cut, and
 * effects commit together with the settling. Deliveries put in the same turn share one commit.
 *
 * @example
 * const inbox = createSqliteInbox({ database: 'inbox.db' })
 */
export function createSqliteInbox(options: SqliteInboxOptions): Inbox<DatabaseSync> {
  const { clock = systemClock, maxUnfinished, reviveDead = true } = options
  const own = typeof options.database === 'string'
  const database = typeof options.database === 'string' ? openInboxFile(options.database) : options.database
  migrate(database)
  const survives = survivalOf(database)
  const watchers = listeners()
  const nowMs = () => Math.floor(clock.now())
  const sql = statements(database)

  function transaction<Result>(work: () => Result): Result {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  function insert(event: NewEvent, state: string, digest: string, twin: string): boolean {
    const { provider, account, subscription, eventId, type, body, occurredAtMs = null, lane = null } = event
    const key = [provider, account, subscription, eventId, twin]
    return sql.insert.run(...key, type, state, body, digest, nowMs(), occurredAtMs, lane, nowMs()).changes === 1
  }

  function putOne(event: NewEvent): PutResult {
    const { provider, account, subscription, eventId } = event
    const digest = hash('sha256', event.body)
    const isFull = maxUnfinished !== undefined && Number(sql.waiting.get(maxUnfinished)?.['waiting']) >= maxUnfinished
    if (!isFull && insert(event, event.quarantined === true ? 'quarantined' : 'ready', digest, '')) return 'inserted'
    const known = sql.known.get(provider, account, subscription, eventId)
    if (known === undefined) return 'full'
    if (known['body_hash'] !== digest) {
      insert(event, 'conflict', digest, digest)
      return 'conflict'
    }
    if (known['state'] !== 'dead' || !reviveDead) return 'duplicate'
    sql.revive.run(nowMs(), known['seq'] as number)
    return 'revived'
  }

  const put = groupCommit((batch: readonly NewEvent[]) => {
    const results = transaction(() => batch.map(putOne))
    if (results.includes('inserted') || results.includes('revived')) watchers.tell()
    return results
  })

  return {
    guarantees: { survives, atomicEffects: true, shared: survives !== 'nothing' },
    put: put.add,

    async claim({ owner, limit, leaseMs, maxCrashes = 3 }) {
      const now = nowMs()
      const claims = transaction(() => {
        sql.bury.run(now, now, maxCrashes)
        return sql.due.all({ now, limit }).map(({ seq }): Claim => {
          const row = sql.lease.get(owner, now + Math.ceil(leaseMs), seq as number) as SqlRow
          return { event: eventOf(row), owner, fence: Number(row['fence']) }
        })
      })
      const next = sql.next.get()?.['due_at_ms']
      return { claims, nextDueAtMs: next === undefined ? undefined : Number(next) }
    },

    async settle({ event, fence }, outcome, effect) {
      const dueAtMs = nowMs() + (outcome.kind === 'retry' ? Math.ceil(outcome.afterMs) : 0)
      const error = 'error' in outcome ? outcome.error : null
      const settled = transaction(() => {
        const { changes } = sql.settle.run(stateAfter[outcome.kind], dueAtMs, error, event.seq, fence)
        if (changes === 1 && effect !== undefined) refusePromise(effect(database))
        return changes === 1
      })
      return settled ? 'settled' : 'lost'
    },

    async extend({ event, fence }, leaseMs) {
      const { changes } = sql.extend.run(nowMs() + Math.ceil(leaseMs), event.seq, fence)
      return changes === 1 ? 'extended' : 'lost'
    },

    async requeue(selector, choice) {
      const chosen = { ...selector, states: requeueable(selector, choice) }
      const where = conditionOf(chosen, has)
      const json = selectorJson(chosen)
      const count = Number(
        choice.dryRun === true
          ? database.prepare(`SELECT count(*) AS count FROM goodfence_inbox WHERE ${where}`).get({ json })?.['count']
          : database
              .prepare(
                `UPDATE goodfence_inbox SET state = 'ready', due_at_ms = $now, attempts = 0, crashes = 0,
                   replays = replays + 1, requeued_by = $by, requeued_reason = $reason WHERE ${where}`,
              )
              .run({ json, now: nowMs(), by: choice.by, reason: choice.reason }).changes,
      )
      if (count > 0 && choice.dryRun !== true) watchers.tell()
      return count
    },

    async inspect({ limit = 100, afterSeq = 0, ...selector } = {}) {
      const where = `${conditionOf(selector, has)} AND seq > $afterSeq ORDER BY seq LIMIT $limit`
      const page: Record<string, SQLInputValue> = { afterSeq, limit }
      if (where.includes('$json')) page['json'] = selectorJson(selector)
      const rows = database.prepare(`SELECT ${eventColumns} FROM goodfence_inbox WHERE ${where}`).all(page)
      return { events: rows.map(eventOf), ...numbersOf(sql.numbers.all()) }
    },

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs } = retentionOf(retention)
      return transaction(() => ({
        events: Number(sql.forget.run(nowMs() - eventsAfterMs).changes),
        bodies: Number(sql.empty.run(nowMs() - bodiesAfterMs).changes),
      }))
    },

    watch: watchers.add,

    async [Symbol.asyncDispose]() {
      put.flush()
      if (own && database.isOpen) database.close()
    },
  }
}

/**
 * Every statement that does not depend on its caller. A lane's first due event is eligible while no
 * other is leased. The index is named because SQLite, knowing no numbers, would sort the whole backlog.
 */
function statements(database: DatabaseSync) {
  return {
    insert: database.prepare(
      `INSERT INTO goodfence_inbox (provider, account, subscription, event_id, twin, type, state, body, body_hash,
         received_at_ms, occurred_at_ms, lane, due_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    known: database.prepare(
      `SELECT seq, state, body_hash FROM goodfence_inbox
       WHERE provider = ? AND account = ? AND subscription = ? AND event_id = ? AND twin = ''`,
    ),
    revive: database.prepare(
      `UPDATE goodfence_inbox SET state = 'ready', due_at_ms = ?, attempts = 0, crashes = 0, replays = replays + 1
       WHERE seq = ?`,
    ),
    waiting: database.prepare(
      `SELECT count(*) AS waiting FROM (SELECT 1 FROM goodfence_inbox WHERE ${unfinished} LIMIT ?)`,
    ),
    bury: database.prepare(
      `UPDATE goodfence_inbox SET state = 'dead', due_at_ms = ?, crashes = crashes + 1, last_error = 'crash-loop'
       WHERE state = 'leased' AND due_at_ms <= ? AND crashes + 1 >= ?`,
    ),
    due: database.prepare(
      `SELECT seq FROM goodfence_inbox AS event INDEXED BY goodfence_inbox_due
       WHERE ${unfinished} AND due_at_ms <= $now AND (lane IS NULL OR NOT EXISTS (
         SELECT 1 FROM goodfence_inbox AS other
         WHERE other.lane = event.lane AND other.seq <> event.seq AND other.${unfinished} AND (
           (other.state = 'leased' AND other.due_at_ms > $now) OR
           (other.due_at_ms <= $now AND (other.due_at_ms, other.seq) < (event.due_at_ms, event.seq)))))
       ORDER BY due_at_ms, seq LIMIT $limit`,
    ),
    lease: database.prepare(
      `UPDATE goodfence_inbox SET state = 'leased', owner = ?, due_at_ms = ?, crashes = crashes + (state = 'leased'),
         attempts = attempts + 1, fence = fence + 1 WHERE seq = ? RETURNING ${eventColumns}, fence`,
    ),
    next: database.prepare(
      `SELECT due_at_ms FROM goodfence_inbox INDEXED BY goodfence_inbox_due WHERE ${unfinished} ORDER BY due_at_ms, seq LIMIT 1`,
    ),
    settle: database.prepare(
      `UPDATE goodfence_inbox SET state = ?, due_at_ms = ?, last_error = coalesce(?, last_error)
       WHERE seq = ? AND fence = ? AND state = 'leased'`,
    ),
    extend: database.prepare(
      `UPDATE goodfence_inbox SET due_at_ms = ? WHERE seq = ? AND fence = ? AND state = 'leased'`,
    ),
    numbers: database.prepare(
      `SELECT state, count(*) AS count, min(received_at_ms) AS oldest FROM goodfence_inbox GROUP BY state`,
    ),
    forget: database.prepare(
      `DELETE FROM goodfence_inbox WHERE state IN ('done', 'superseded') AND received_at_ms < ?`,
    ),
    empty: database.prepare(
      `UPDATE goodfence_inbox SET body = x'' WHERE state IN ('done', 'superseded') AND received_at_ms < ?
         AND length(body) > 0`,
    ),
  }
}

function has(column: string, name: string): string {
  return `CAST(${column} AS TEXT) IN (SELECT value FROM json_each($json, '$.${name}'))`
}

/** A promise would still be at work when the transaction has ended. */
function refusePromise(result: unknown): void {
  if (!(result instanceof Promise)) return
  result.catch(() => {})
  throw new GoodfenceError('usage', 'An effect on SQLite answered a promise, so it cannot be part of the commit.', {
    mend: 'make the effect a plain function; do what has to be awaited before it',
  })
}
