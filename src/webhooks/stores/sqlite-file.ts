import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { GoodfenceError } from '../../core/errors.ts'
import { prepare } from './sqlite-prepare.ts'

/**
 * Changes that led to the schema of today, in order. New ones go to the end; old ones never change. What an older version
 * reads, writes or names in a statement stays: a process of it may be at work on the same file.
 */
const migrations: readonly string[] = [
  `CREATE TABLE goodfence_inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    subscription TEXT NOT NULL,
    event_id TEXT NOT NULL,
    -- empty, or the hash of other bytes that came under the same id
    twin TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    body BLOB NOT NULL,
    body_hash TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    occurred_at_ms INTEGER,
    lane TEXT,
    due_at_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0,
    replays INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    last_error TEXT,
    requeued_by TEXT,
    requeued_reason TEXT,
    UNIQUE (provider, account, subscription, event_id, twin)
  ) STRICT;
  CREATE INDEX goodfence_inbox_due ON goodfence_inbox (due_at_ms, seq) WHERE state IN ('ready', 'leased');
  CREATE INDEX goodfence_inbox_lane ON goodfence_inbox (lane) WHERE lane IS NOT NULL AND state IN ('ready', 'leased');
  CREATE INDEX goodfence_inbox_state ON goodfence_inbox (state, seq);`,
  `ALTER TABLE goodfence_inbox ADD COLUMN lane_order TEXT;
  ALTER TABLE goodfence_inbox ADD COLUMN marker TEXT;
  ALTER TABLE goodfence_inbox ADD COLUMN waits_for TEXT;
  CREATE INDEX goodfence_inbox_open ON goodfence_inbox (due_at_ms, seq) WHERE state IN ('ready', 'held', 'leased');
  CREATE INDEX goodfence_inbox_apart ON goodfence_inbox (lane, due_at_ms, seq)
    WHERE lane IS NOT NULL AND lane_order IS NULL AND state IN ('ready', 'held', 'leased');
  CREATE INDEX goodfence_inbox_ordered ON goodfence_inbox (lane, due_at_ms, seq)
    WHERE lane_order IS NOT NULL AND state IN ('ready', 'held', 'leased');
  CREATE INDEX goodfence_inbox_blocking ON goodfence_inbox (lane, seq) WHERE lane_order = 'strict' AND state = 'dead';
  CREATE INDEX goodfence_inbox_marker ON goodfence_inbox (marker, state) WHERE marker IS NOT NULL;
  CREATE INDEX goodfence_inbox_waits ON goodfence_inbox (waits_for) WHERE state = 'held' AND waits_for IS NOT NULL;
  CREATE TABLE goodfence_inbox_tombstone (
    -- hash of provider, account, subscription and event id
    key TEXT PRIMARY KEY,
    outcome TEXT NOT NULL,
    -- on which it was received, counted from 1970
    day INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX goodfence_inbox_tombstone_day ON goodfence_inbox_tombstone (day);`,
  // To look for one of three values SQLite builds a tree, for every row that it inserts. Nearly all arrive ready, so that
  // is asked first; statements that say only IN may still use the index.
  `DROP INDEX IF EXISTS goodfence_inbox_open;
  CREATE INDEX goodfence_inbox_open ON goodfence_inbox (due_at_ms, seq)
    WHERE state = 'ready' OR state IN ('ready', 'held', 'leased');`,
]

/** Drops what only the first version uses. */
const dropOfFirst = 'DROP INDEX IF EXISTS goodfence_inbox_due; DROP INDEX IF EXISTS goodfence_inbox_lane'

/**
 * Opens an inbox's file for its owner alone, set so that a commit outlives a power cut. Throws
 * `environment`, which names the file, when it cannot.
 */
export function openInboxFile(path: string): DatabaseSync {
  try {
    // SQLite would create it readable for everyone; its side files get the same mode.
    if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
    const database = new DatabaseSync(path)
    waitForLocks(database)
    // Events of two kilobytes waste half of SQLite's usual pages. The size of a file that has tables stays.
    database.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    return database
  } catch (cause) {
    throw new GoodfenceError(
      'environment',
      `The inbox file ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { mend: 'name a file in a folder that exists and can be written, and that is an SQLite database or new' },
      { cause },
    )
  }
}

const busyTimeoutMs = 5_000

/** Has a database that would refuse at once wait for the locks of other processes. */
export function waitForLocks(database: DatabaseSync): void {
  const { timeout } = prepare(database, 'PRAGMA busy_timeout').get() ?? {}
  if (timeout === 0) database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
}

/** Asks whether a file holds an inbox, and changes nothing in it. What is no database at all is left for opening to refuse. */
export function isSqliteInbox(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs })
    try {
      return database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'goodfence_inbox'`).get() !== undefined
    } finally {
      database.close()
    }
  } catch {
    return true
  }
}

/** Brings the inbox's tables to the schema of today. Throws `environment` when a newer version made them. */
export function migrate(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    database.exec(
      'CREATE TABLE IF NOT EXISTS goodfence_schema (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
    )
    const row = prepare(database, `SELECT version FROM goodfence_schema WHERE part = 'inbox'`).get()
    const version = Number(row?.['version'] ?? 0)
    if (version > migrations.length) {
      throw new GoodfenceError(
        'environment',
        `The inbox has schema ${version}, and this version of goodfence knows ${migrations.length}.`,
        { mend: 'use a goodfence at least as new as the one that wrote the inbox' },
      )
    }
    for (const migration of migrations.slice(version)) database.exec(migration)
    // In a file of the first version's making a process of it may be at work.
    if (version === 0 || version === 2) database.exec(dropOfFirst)
    prepare(database, `INSERT OR REPLACE INTO goodfence_schema VALUES ('inbox', ?)`).run(migrations.length)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** What a commit in this database outlives. */
export function survivalOf(database: DatabaseSync): 'power-cut' | 'process' | 'nothing' {
  if (database.location() === null) return 'nothing'
  const synchronous = Number(prepare(database, 'PRAGMA synchronous').get()?.['synchronous'])
  return synchronous >= 2 ? 'power-cut' : 'process'
}
