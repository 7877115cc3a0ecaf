import { GoodfenceError } from '../../core/errors.ts'
import { type PostgresClient } from './postgres-pool.ts'

/**
 * Changes that led to the schema of today, in order. New ones go to the end; old ones never change. They only add: processes
 * of an older version may be at work in the same database.
 */
const migrations: readonly string[] = [
  `CREATE TABLE goodfence_inbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    subscription TEXT NOT NULL,
    event_id TEXT NOT NULL,
    -- empty, or the hash of other bytes that came under the same id
    twin TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL,
    state TEXT NOT NULL,
    body BYTEA NOT NULL,
    body_hash TEXT NOT NULL,
    received_at_ms BIGINT NOT NULL,
    occurred_at_ms DOUBLE PRECISION,
    lane TEXT,
    due_at_ms BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0,
    replays INTEGER NOT NULL DEFAULT 0,
    fence BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    last_error TEXT,
    requeued_by TEXT,
    requeued_reason TEXT,
    UNIQUE (provider, account, subscription, event_id, twin)
  );
  CREATE INDEX goodfence_inbox_due ON goodfence_inbox (due_at_ms, seq) WHERE state IN ('ready', 'leased');
  CREATE INDEX goodfence_inbox_lane ON goodfence_inbox (lane) WHERE lane IS NOT NULL AND state IN ('ready', 'leased');
  CREATE INDEX goodfence_inbox_state ON goodfence_inbox (state, seq);`,
  `ALTER TABLE goodfence_inbox ADD COLUMN lane_order TEXT, ADD COLUMN marker TEXT, ADD COLUMN waits_for TEXT;
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
  );
  CREATE INDEX goodfence_inbox_tombstone_day ON goodfence_inbox_tombstone (day);`,
]

/** Any number will do, as long as every goodfence uses the same: of many that start at once, one migrates. */
const lockKey = 7_214_306_011

/**
 * Brings the inbox's tables to the schema of today, within the client's transaction. Throws `environment` when a newer version
 * made them, and when statements outside of transactions would not see what was committed before them.
 */
export async function migrate(client: PostgresClient): Promise<void> {
  await requireReadCommitted(client)
  await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
  await client.query('CREATE TABLE IF NOT EXISTS goodfence_schema (part TEXT PRIMARY KEY, version INTEGER NOT NULL)')
  const { rows } = await client.query(`SELECT version FROM goodfence_schema WHERE part = 'inbox'`)
  const version = Number(rows[0]?.['version'] ?? 0)
  if (version > migrations.length) {
    throw new GoodfenceError(
      'environment',
      `The inbox has schema ${version}, and this version of goodfence knows ${migrations.length}.`,
      { mend: 'use a goodfence at least as new as the one that wrote the inbox' },
    )
  }
  for (const migration of migrations.slice(version)) await client.query(migration)
  await client.query(
    `INSERT INTO goodfence_schema VALUES ('inbox', $1) ON CONFLICT (part) DO UPDATE SET version = excluded.version`,
    [migrations.length],
  )
}

async function requireReadCommitted(client: PostgresClient): Promise<void> {
  const { rows } = await client.query(`SELECT current_setting('default_transaction_isolation') AS isolation`)
  const isolation = rows[0]?.['isolation'] as string
  if (isolation !== 'repeatable read' && isolation !== 'serializable') return
  throw new GoodfenceError(
    'environment',
    `The inbox's connections have default_transaction_isolation '${isolation}', and it needs 'read committed'.`,
    { mend: String.raw`give the inbox's pool options: '-c default_transaction_isolation=read\\ committed'` },
  )
}
