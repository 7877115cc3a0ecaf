import { type DatabaseSync } from 'node:sqlite'
import { neverMs } from '../inbox.ts'
import { prepare } from './sqlite-prepare.ts'
import { eventColumns, unfinished } from './sql-row.ts'
import {
  blockedLanesText,
  coverText,
  deadGroupsText,
  requeuedText,
  type SelectorJson,
  wakeLaneText,
  wakeMarkerText,
} from './sql-text.ts'

/**
 * Every statement that does not depend on its caller. The first due event of an exclusive lane is eligible while no
 * other is leased; an ordered lane has one event at the most that is not far from due. The index is named because SQLite,
 * knowing no numbers, would sort the whole backlog.
 */
export function statements(database: DatabaseSync) {
  return {
    // FAIL: of a single row nothing has to be undone, so SQLite need not keep a copy of every page that it changes.
    insert: prepare(
      database,
      `INSERT OR FAIL INTO goodfence_inbox (provider, account, subscription, event_id, twin, type, state, body, body_hash,
         received_at_ms, occurred_at_ms, lane, lane_order, marker, waits_for, due_at_ms)
       SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
       WHERE NOT EXISTS (SELECT 1 FROM goodfence_inbox_tombstone WHERE key = ?)
       ON CONFLICT DO NOTHING`,
    ),
    known: prepare(
      database,
      `SELECT seq, state, body_hash FROM goodfence_inbox
       WHERE provider = ? AND account = ? AND subscription = ? AND event_id = ? AND twin = ''`,
    ),
    revive: prepare(
      database,
      `UPDATE goodfence_inbox SET ${requeuedText('$now')} WHERE seq = $seq RETURNING lane, lane_order`,
    ),
    buried: prepare(database, 'SELECT 1 FROM goodfence_inbox_tombstone WHERE key = ?'),
    wakeLane: prepare(database, wakeLaneText('$lane', '$now')),
    wakeMarker: prepare(database, wakeMarkerText('$marker', '$now')),
    cover: prepare(database, coverText('$lane', '$seq', '$now')),
    countAfterAll: prepare(
      database,
      `UPDATE goodfence_inbox SET attempts = attempts + 1 WHERE seq = ? AND state = 'ready'`,
    ),
    waiting: prepare(
      database,
      `SELECT count(*) AS waiting FROM (SELECT 1 FROM goodfence_inbox WHERE ${unfinished} LIMIT ?)`,
    ),
    bury: prepare(
      database,
      `UPDATE goodfence_inbox SET state = 'dead', due_at_ms = ?, crashes = crashes + 1, last_error = 'crash-loop'
       WHERE state = 'leased' AND due_at_ms <= ? AND crashes + 1 >= ? RETURNING lane, lane_order`,
    ),
    newest: prepare(database, 'SELECT coalesce(max(seq), 0) AS seq FROM goodfence_inbox'),
    due: prepare(
      database,
      `SELECT seq FROM goodfence_inbox AS event INDEXED BY goodfence_inbox_open
       WHERE ${unfinished} AND due_at_ms <= $now AND provider NOT IN (SELECT value FROM json_each($except))
       AND (lane IS NULL OR lane_order IS NOT NULL OR NOT EXISTS (
         SELECT 1 FROM goodfence_inbox AS other
         WHERE other.lane = event.lane AND other.lane_order IS NULL AND other.${unfinished}
           AND (other.due_at_ms, other.seq) < (event.due_at_ms, event.seq)
       ) AND NOT EXISTS (
         SELECT 1 FROM goodfence_inbox AS other
         WHERE other.lane = event.lane AND other.lane_order IS NULL AND other.${unfinished}
           AND other.due_at_ms > $now AND other.state = 'leased'))
       ORDER BY due_at_ms, seq LIMIT $limit`,
    ),
    lease: prepare(
      database,
      `UPDATE goodfence_inbox SET state = 'leased', owner = ?, due_at_ms = ?, crashes = crashes + (state = 'leased'),
         attempts = attempts + 1, fence = fence + 1 WHERE seq = ? RETURNING ${eventColumns}, fence`,
    ),
    next: prepare(
      database,
      `SELECT due_at_ms FROM goodfence_inbox INDEXED BY goodfence_inbox_open
       WHERE ${unfinished} AND due_at_ms < ${neverMs} AND provider NOT IN (SELECT value FROM json_each($except))
       ORDER BY due_at_ms, seq LIMIT 1`,
    ),
    settle: prepare(
      database,
      `UPDATE goodfence_inbox SET state = $state, due_at_ms = $due, last_error = coalesce($error, last_error),
         attempts = attempts - $held, waits_for = CASE $held WHEN 1 THEN $waitsFor ELSE waits_for END
       WHERE seq = $seq AND fence = $fence AND state = 'leased'`,
    ),
    extend: prepare(
      database,
      `UPDATE goodfence_inbox SET due_at_ms = ? WHERE seq = ? AND fence = ? AND state = 'leased'`,
    ),
    numbers: prepare(
      database,
      `SELECT state, count(*) AS count, min(received_at_ms) AS oldest FROM goodfence_inbox GROUP BY state`,
    ),
    deadGroups: prepare(database, deadGroupsText),
    blockedLanes: prepare(database, blockedLanesText),
    old: prepare(
      database,
      `SELECT ${eventColumns.replace('body,', `x'' AS body,`)} FROM goodfence_inbox
       WHERE state IN ('done', 'superseded') AND received_at_ms < ?`,
    ),
    entomb: prepare(database, 'INSERT OR IGNORE INTO goodfence_inbox_tombstone VALUES (?, ?, ?)'),
    unearth: prepare(database, 'DELETE FROM goodfence_inbox_tombstone WHERE day < ?'),
    forget: prepare(
      database,
      `DELETE FROM goodfence_inbox WHERE state IN ('done', 'superseded') AND received_at_ms < ?`,
    ),
    empty: prepare(
      database,
      `UPDATE goodfence_inbox SET body = x'' WHERE state IN ('done', 'superseded') AND received_at_ms < ?
         AND length(body) > 0`,
    ),
  }
}

/** How SQLite reads the parameter `$json`. */
export const selectorOf: SelectorJson = {
  texts: (name) => `SELECT value FROM json_each($json, '$.${name}')`,
  numbers: (name) => `SELECT value FROM json_each($json, '$.${name}')`,
}
