import { neverMs } from '../inbox.ts'
import { eventColumns, unfinished } from './sql-row.ts'
import { type SelectorJson } from './sql-text.ts'

/**
 * Leases what is due, in one round trip: always one row at least, with when the next event comes due, the newest
 * event, and whether some of what is due has to be buried first; then nothing is leased. The first due event of an
 * exclusive lane is eligible while no other is leased; an ordered lane has one event at the most that is not far from due.
 */
export function claimText(clockNow: string): string {
  // Values that come out of a query are bounds of an index like others, and give no reason to plan anew for each claim.
  const now = '(SELECT now FROM asked)'
  const isCrashLoop = `(state = 'leased' AND crashes + 1 >= (SELECT max_crashes FROM asked))`
  // The planner takes a bound alone for a third of the table, and NOT IN for as few rows as it has seen of others: then it
  // would sort all that is due to take the first.
  const due = `due_at_ms BETWEEN (SELECT floor FROM asked) AND ${now}`
  const allowed = 'NOT coalesce(provider = ANY ((SELECT excepted FROM asked)::text[]), FALSE)'
  return `
    WITH asked AS MATERIALIZED (
      SELECT ${clockNow} AS now, $3::bigint AS most, $4::integer AS max_crashes, $5::text[] AS excepted,
        $6::bigint AS floor
    ), chosen AS (
      SELECT seq, state, due_at_ms, ${isCrashLoop} AS crash_loop FROM goodfence_inbox AS event
      WHERE ${unfinished} AND ${due} AND ${allowed}
      AND (lane IS NULL OR lane_order IS NOT NULL OR ${isCrashLoop} OR NOT EXISTS (
        SELECT 1 FROM goodfence_inbox AS other
        WHERE other.lane = event.lane AND other.lane_order IS NULL AND other.${unfinished}
          AND (other.due_at_ms, other.seq) < (event.due_at_ms, event.seq)
      ) AND NOT EXISTS (
        SELECT 1 FROM goodfence_inbox AS other
        WHERE other.lane = event.lane AND other.lane_order IS NULL AND other.${unfinished}
          AND other.due_at_ms > ${now} AND other.state = 'leased'))
      ORDER BY due_at_ms, seq LIMIT (SELECT most FROM asked) FOR UPDATE SKIP LOCKED
    ), leased AS (
      UPDATE goodfence_inbox AS inbox SET state = 'leased', owner = $1, due_at_ms = ${now} + $2,
        crashes = crashes + CASE WHEN chosen.state = 'leased' THEN 1 ELSE 0 END, attempts = attempts + 1, fence = fence + 1
      FROM chosen WHERE inbox.seq = chosen.seq AND NOT EXISTS (SELECT 1 FROM chosen WHERE crash_loop)
      RETURNING ${eventColumns.replaceAll(/\w+/g, 'inbox.$&')}, inbox.fence,
        chosen.state AS was_state, chosen.due_at_ms AS was_due
    ), facts AS (
      SELECT (SELECT max(seq) FROM goodfence_inbox) AS newest_seq,
        EXISTS (SELECT 1 FROM chosen WHERE crash_loop) AS crash_loops,
        (SELECT due_at_ms FROM goodfence_inbox
         WHERE ${unfinished} AND due_at_ms BETWEEN (SELECT floor FROM asked) AND ${neverMs - 1} AND ${allowed} AND seq NOT IN (SELECT seq FROM chosen)
         ORDER BY due_at_ms, seq LIMIT 1) AS other_due
    )
    SELECT leased.*, facts.newest_seq, facts.crash_loops,
      least((SELECT min(due_at_ms) FROM chosen), facts.other_due, ${now}) AS oldest_due,
      least(facts.other_due, CASE WHEN leased.seq IS NOT NULL THEN leased.due_at_ms END) AS next_due
    FROM facts LEFT JOIN leased ON TRUE ORDER BY leased.was_due, leased.seq`
}

/**
 * Gives back, as they were before they were claimed, those of some claimed events of exclusive lanes whose lane has another
 * live lease.
 */
export function giveBackText(now: string): string {
  return `
    UPDATE goodfence_inbox AS mine SET state = was.state, due_at_ms = was.due_at_ms, owner = NULL, attempts = attempts - 1,
      crashes = crashes - CASE WHEN was.state = 'leased' THEN 1 ELSE 0 END
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS was (seq, fence, state, due_at_ms)
    WHERE mine.seq = was.seq AND mine.fence = was.fence AND mine.state = 'leased' AND EXISTS (
      SELECT 1 FROM goodfence_inbox AS other
      WHERE other.lane = mine.lane AND other.lane_order IS NULL AND other.${unfinished}
        AND other.due_at_ms > (SELECT ${now}) AND other.state = 'leased' AND other.seq <> mine.seq)
    RETURNING mine.seq`
}

/**
 * Buries events that take their process down, but none whose row is locked: it is being settled, so nothing crashed. To wait
 * for it would be a deadlock, since it will wait for its lane.
 */
export function buryText(now: string): string {
  return `
    WITH chosen AS MATERIALIZED (
      SELECT seq FROM goodfence_inbox
      WHERE state = 'leased' AND due_at_ms <= ${now} AND crashes + 1 >= $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE goodfence_inbox AS inbox SET state = 'dead', due_at_ms = ${now}, crashes = crashes + 1, last_error = 'crash-loop'
    FROM chosen WHERE inbox.seq = chosen.seq RETURNING lane, lane_order`
}

/** Makes a lease longer, unless its row is locked: it waits for no effects of the event, which its worker may be making. */
export function extendText(now: string): string {
  return `
    WITH mine AS MATERIALIZED (
      SELECT seq FROM goodfence_inbox WHERE seq = $2 AND fence = $3 AND state = 'leased' FOR UPDATE SKIP LOCKED
    )
    UPDATE goodfence_inbox AS inbox SET due_at_ms = ${now} + $1 FROM mine WHERE inbox.seq = mine.seq`
}

/** Ends a claim. */
export function settleText(now: string): string {
  return `
    UPDATE goodfence_inbox SET state = $1, due_at_ms = ${now} + $2, last_error = coalesce($3, last_error),
      attempts = attempts - $6, waits_for = CASE WHEN $6 = 1 THEN $7 ELSE waits_for END
    WHERE seq = $4 AND fence = $5 AND state = 'leased'`
}

/** How PostgreSQL reads the parameter `$1`. */
export const selectorOf: SelectorJson = {
  texts: (name) => `SELECT jsonb_array_elements_text($1::jsonb -> '${name}')`,
  numbers: (name) => `SELECT jsonb_array_elements_text($1::jsonb -> '${name}')::bigint`,
}
