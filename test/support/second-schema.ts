/** What the second version changed in the tables of the first, in SQLite. */
export const secondSchema = `
  ALTER TABLE goodfence_inbox ADD COLUMN lane_order TEXT;
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
  CREATE INDEX goodfence_inbox_tombstone_day ON goodfence_inbox_tombstone (day);
  UPDATE goodfence_schema SET version = 2;`
