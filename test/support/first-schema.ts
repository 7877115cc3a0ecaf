/** The inbox's tables as the first version made them, and some events in them: in SQLite, and in PostgreSQL. */
export const firstSchema = {
  SQLite: tables('seq INTEGER PRIMARY KEY AUTOINCREMENT', 'BLOB', 'INTEGER', `x'7b7d'`),
  PostgreSQL: tables('seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY', 'BYTEA', 'BIGINT', `'{}'`),
} as const

function tables(seq: string, bytes: string, integer: string, body: string): string {
  const row = (id: string, state: string, lane: string, dueAtMs: number) =>
    `('stripe', '', '', '${id}', 'test.event', '${state}', ${body}, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      1767225600000, NULL, ${lane}, ${dueAtMs})`
  return `
    CREATE TABLE goodfence_schema (part TEXT PRIMARY KEY, version INTEGER NOT NULL);
    INSERT INTO goodfence_schema VALUES ('inbox', 1);
    CREATE TABLE goodfence_inbox (
      ${seq},
      provider TEXT NOT NULL,
      account TEXT NOT NULL,
      subscription TEXT NOT NULL,
      event_id TEXT NOT NULL,
      twin TEXT NOT NULL DEFAULT '',
      type TEXT NOT NULL,
      state TEXT NOT NULL,
      body ${bytes} NOT NULL,
      body_hash TEXT NOT NULL,
      received_at_ms ${integer} NOT NULL,
      occurred_at_ms ${integer},
      lane TEXT,
      due_at_ms ${integer} NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      crashes INTEGER NOT NULL DEFAULT 0,
      replays INTEGER NOT NULL DEFAULT 0,
      fence ${integer} NOT NULL DEFAULT 0,
      owner TEXT,
      last_error TEXT,
      requeued_by TEXT,
      requeued_reason TEXT,
      UNIQUE (provider, account, subscription, event_id, twin)
    );
    CREATE INDEX goodfence_inbox_due ON goodfence_inbox (due_at_ms, seq) WHERE state IN ('ready', 'leased');
    CREATE INDEX goodfence_inbox_lane ON goodfence_inbox (lane) WHERE lane IS NOT NULL AND state IN ('ready', 'leased');
    CREATE INDEX goodfence_inbox_state ON goodfence_inbox (state, seq);
    INSERT INTO goodfence_inbox (provider, account, subscription, event_id, type, state, body, body_hash,
      received_at_ms, occurred_at_ms, lane, due_at_ms) VALUES
      ${row('ready', 'ready', `'pi_1'`, 1767225600000)},
      ${row('second', 'ready', `'pi_1'`, 1767225600000)},
      ${row('leased', 'leased', 'NULL', 1767225600000)},
      ${row('dead', 'dead', 'NULL', 1767225600000)},
      ${row('done', 'done', 'NULL', 1767225600000)};`
}
