import { hash } from 'node:crypto'
import { type DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Clock, systemClock } from '../../core/clock.ts'
import { GoodfenceError } from '../../core/errors.ts'
import { hashOfKey } from '../event-key.ts'
import { isOrdered, listeners, requeueable, requirePlace, retentionOf, stateAfter } from '../inbox-rules.ts'
import {
  type Claim,
  type EventState,
  type Inbox,
  type InboxEvent,
  type InboxLimits,
  neverMs,
  type NewEvent,
  type Outcome,
  type PutResult,
} from '../inbox.ts'
import { placeOf } from './sql-place.ts'
import { eventColumns, eventOf, numbersOf, problemsOf, type SqlRow } from './sql-row.ts'
import { conditionOf, requeuedText, selectorJson, wholeText } from './sql-text.ts'
import { migrate, openInboxFile, survivalOf, waitForLocks } from './sqlite-file.ts'
import { groupCommit, waits } from './group-commit.ts'
import { prepare } from './sqlite-prepare.ts'
import { selectorOf, statements } from './sqlite-statements.ts'

export interface SqliteInboxOptions extends InboxLimits {
  /**
   * A file, made readable for its owner alone; or `:memory:`; or an open database, so that the events and the
   * application's own tables commit together. An open database stays open when the inbox is disposed, and where it
   * would not wait for another process's lock it is set to wait 5 seconds.
   */
  readonly database: string | DatabaseSync
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

const dayMs = 86_400_000

/**
 * Makes an inbox in an SQLite database, without a dependency: what was put outlives a power cut, and
 * effects commit together with the settling. Deliveries that arrive together share one commit.
 *
 * @example
 * const inbox = createSqliteInbox({ database: 'inbox.db' })
 */
export function createSqliteInbox(options: SqliteInboxOptions): Inbox<DatabaseSync> {
  const { clock = systemClock, maxUnfinished, reviveDead = true } = options
  const own = typeof options.database === 'string'
  const database = typeof options.database === 'string' ? openInboxFile(options.database) : options.database
  waitForLocks(database)
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

  function insert(event: NewEvent, asked: EventState, digest: string, twin: string): boolean {
    const { provider, account, subscription, eventId, type, body, occurredAtMs = null } = event
    const { lane, laneOrder, marker, waitsFor, state, delayMs } = placeOf(event, asked)
    const key = [provider, account, subscription, eventId, twin]
    const now = nowMs()
    const place = [lane, laneOrder, marker, waitsFor, Math.min(now + delayMs, neverMs)]
    const values = [...key, type, state, body, digest, now, occurredAtMs, ...place, hashOfKey(event)]
    if (sql.insert.run(...values).changes === 0) return false
    if (laneOrder !== null) sql.wakeLane.run({ lane, now })
    if (waitsFor !== null) sql.wakeMarker.run({ marker: waitsFor, now })
    return true
  }

  function putOne(event: NewEvent, hasRoom: boolean): PutResult {
    requirePlace(event)
    const { provider, account, subscription, eventId } = event
    const digest = hash('sha256', event.body)
    if (hasRoom && insert(event, event.quarantined === true ? 'quarantined' : 'ready', digest, '')) return 'inserted'
    const known = sql.known.get(provider, account, subscription, eventId)
    if (known === undefined) return sql.buried.get(hashOfKey(event)) === undefined ? 'full' : 'duplicate'
    if (known['body_hash'] !== digest) {
      insert(event, 'conflict', digest, digest)
      return 'conflict'
    }
    if (known['state'] !== 'dead' || !reviveDead) return 'duplicate'
    const now = nowMs()
    const revived = sql.revive.get({ now, seq: known['seq'] as number }) as SqlRow
    if (revived['lane_order'] !== null) sql.wakeLane.run({ lane: revived['lane'] as string, now })
    return 'revived'
  }

  /** Wakes what a settled event held up, and supersedes what it covers. */
  function release(event: InboxEvent, outcome: Outcome, now: number): void {
    const state = stateAfter[outcome.kind]
    const { seq, lane, marker } = event
    if (lane !== undefined && isOrdered(event) && state !== 'ready' && state !== 'held') {
      if (outcome.kind === 'done' && outcome.coversSeq !== undefined) {
        for (const covered of sql.cover.all({ lane, now, seq: outcome.coversSeq })) announce(covered['marker'], now)
      }
      sql.wakeLane.run({ lane, now })
    }
    if (state === 'done' || state === 'superseded') announce(marker, now)
    if (outcome.kind === 'hold' && outcome.marker !== undefined) {
      announce(outcome.marker, now)
      sql.countAfterAll.run(seq)
    }
  }

  function announce(marker: unknown, now: number): void {
    if (typeof marker === 'string') sql.wakeMarker.run({ marker, now })
  }

  /** Wakes, in each ordered lane of these rows, the event whose turn it is. */
  function wakeLanes(rows: readonly SqlRow[], now: number): void {
    const lanes = new Set(rows.filter((row) => row['lane_order'] !== null).map((row) => row['lane'] as string))
    for (const lane of lanes) sql.wakeLane.run({ lane, now })
  }

  function putEach(batch: readonly NewEvent[]): readonly PutResult[] {
    let room = maxUnfinished ?? Number.POSITIVE_INFINITY
    // Counting takes as long as there is to count, so it is done once for all that share a commit.
    if (maxUnfinished !== undefined) room -= Number(sql.waiting.get(maxUnfinished)?.['waiting'])
    return batch.map((event) => {
      const result = putOne(event, room > 0)
      if (result === 'revived' || (result === 'inserted' && event.quarantined !== true)) room--
      return result
    })
  }

  function putAll(batch: readonly NewEvent[]): readonly PutResult[] {
    const results = transaction(() => putEach(batch))
    if (results.includes('inserted') || results.includes('revived')) watchers.tell()
    return results
  }

  // A virtual clock does not wait for sockets.
  const put = groupCommit(putAll, clock === systemClock ? waits.untilSocketsAreRead : waits.untilTickEnds)

  return {
    guarantees: { survives, atomicEffects: true, shared: survives !== 'nothing' },
    put: put.add,

    async claim({ owner, limit, leaseMs, maxCrashes = 3, exceptProviders = [] }) {
      const now = nowMs()
      const except = JSON.stringify(exceptProviders)
      return transaction(() => {
        wakeLanes(sql.bury.all(now, now, maxCrashes), now)
        const newestSeq = Number(sql.newest.get()?.['seq'])
        const claims = sql.due.all({ now, limit, except }).map(({ seq }): Claim => {
          const row = sql.lease.get(owner, now + Math.ceil(leaseMs), seq as number) as SqlRow
          return { event: eventOf(row), owner, fence: Number(row['fence']), newestSeq }
        })
        const next = sql.next.get({ except })?.['due_at_ms']
        return { claims, nextDueAtMs: next === undefined ? undefined : Number(next) }
      })
    },

    async settle({ event, fence }, outcome, effect) {
      const now = nowMs()
      const pauseMs = outcome.kind === 'retry' ? outcome.afterMs : outcome.kind === 'hold' ? outcome.forMs : 0
      const error = 'error' in outcome ? outcome.error : null
      const held = Number(outcome.kind === 'hold')
      const waitsFor = outcome.kind === 'hold' ? (outcome.marker ?? null) : null
      const state = stateAfter[outcome.kind]
      const settled = transaction(() => {
        const due = now + Math.ceil(pauseMs)
        const { changes } = sql.settle.run({ state, due, error, held, waitsFor, seq: event.seq, fence })
        if (changes !== 1) return false
        if (effect !== undefined) refusePromise(effect(database))
        if (event.lane !== undefined || event.marker !== undefined || held === 1) release(event, outcome, now)
        return true
      })
      return settled ? 'settled' : 'lost'
    },

    async extend({ event, fence }, leaseMs) {
      const { changes } = sql.extend.run(nowMs() + Math.ceil(leaseMs), event.seq, fence)
      return changes === 1 ? 'extended' : 'lost'
    },

    async requeue(selector, choice) {
      const chosen = { ...selector, states: requeueable(selector, choice) }
      const where = `${conditionOf(chosen, selectorOf)} AND ${wholeText}`
      const json = selectorJson(chosen)
      if (choice.dryRun === true) {
        const row = prepare(database, `SELECT count(*) AS count FROM goodfence_inbox WHERE ${where}`).get({ json })
        return Number(row?.['count'])
      }
      const now = nowMs()
      const change = choice.to === 'skip' ? `state = 'superseded', due_at_ms = $now` : requeuedText('$now')
      const count = transaction(() => {
        const rows = prepare(
          database,
          `UPDATE goodfence_inbox SET ${change}, requeued_by = $by, requeued_reason = $reason WHERE ${where}
             RETURNING lane, lane_order, marker`,
        ).all({ json, now, by: choice.by, reason: choice.reason })
        wakeLanes(rows, now)
        if (choice.to === 'skip') for (const row of rows) announce(row['marker'], now)
        return rows.length
      })
      if (count > 0) watchers.tell()
      return count
    },

    async inspect({ limit = 100, afterSeq = 0, problems = false, ...selector } = {}) {
      const where = `${conditionOf(selector, selectorOf)} AND seq > $afterSeq ORDER BY seq LIMIT $limit`
      const page: Record<string, SQLInputValue> = { afterSeq, limit }
      if (where.includes('$json')) page['json'] = selectorJson(selector)
      const rows = prepare(database, `SELECT ${eventColumns} FROM goodfence_inbox WHERE ${where}`).all(page)
      const found = { events: rows.map(eventOf), ...numbersOf(sql.numbers.all()) }
      return problems ? { ...found, problems: problemsOf(sql.deadGroups.all(), sql.blockedLanes.all()) } : found
    },

    async prune(retention = {}) {
      const { bodiesAfterMs, eventsAfterMs, tombstonesAfterMs } = retentionOf(retention)
      const now = nowMs()
      return transaction(() => {
        const old = sql.old.all(now - eventsAfterMs)
        for (const row of old) {
          const { provider, account, subscription, eventId, state, receivedAtMs } = eventOf(row)
          const key = hashOfKey({ provider, account, subscription, eventId })
          sql.entomb.run(key, state, Math.floor(receivedAtMs / dayMs))
        }
        return {
          events: Number(sql.forget.run(now - eventsAfterMs).changes),
          bodies: Number(sql.empty.run(now - bodiesAfterMs).changes),
          tombstones: Number(sql.unearth.run(Math.floor((now - tombstonesAfterMs) / dayMs)).changes),
        }
      })
    },

    watch: watchers.add,

    async [Symbol.asyncDispose]() {
      put.flush()
      if (own && database.isOpen) database.close()
    },
  }
}

/** A promise would still be at work when the transaction has ended; what only begins when it is awaited never would be. */
function refusePromise(result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return
  if (result instanceof Promise) result.catch(() => {})
  throw new GoodfenceError('usage', 'An effect on SQLite answered a promise, so it cannot be part of the commit.', {
    mend: 'make the effect a plain function; do what has to be awaited before it',
  })
}
