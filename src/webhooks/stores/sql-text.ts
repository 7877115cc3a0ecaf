import { hash } from 'node:crypto'
import { neverMs, type Selector } from '../inbox.ts'
import { unfinished } from './sql-row.ts'

// Conditions repeat the words of the indexes, since SQLite compares words and does not reason.

/** Wakes the event that an ordered lane's turn has come to, if there is one. Both parameters are expressions of SQL. */
export function wakeLaneText(lane: string, now: string): string {
  return `
    UPDATE goodfence_inbox SET state = 'ready', due_at_ms = ${now} WHERE seq = (
      SELECT next.seq FROM goodfence_inbox AS next
      WHERE next.lane = ${lane} AND next.lane_order IS NOT NULL AND next.${unfinished} AND next.due_at_ms = ${neverMs}
        AND NOT EXISTS (
          SELECT 1 FROM goodfence_inbox AS other WHERE other.lane = ${lane} AND other.lane_order IS NOT NULL
            AND other.${unfinished} AND other.due_at_ms < ${neverMs})
        AND NOT EXISTS (
          SELECT 1 FROM goodfence_inbox AS dead WHERE dead.lane = ${lane} AND dead.lane_order = 'strict'
            AND dead.state = 'dead' AND dead.seq < next.seq)
      ORDER BY next.seq LIMIT 1)`
}

/** Wakes what waits for a marker of which an event was handled. */
export function wakeMarkerText(marker: string, now: string): string {
  return `
    UPDATE goodfence_inbox SET state = 'ready', due_at_ms = ${now}, waits_for = NULL
    WHERE state = 'held' AND waits_for = ${marker} AND EXISTS (
      SELECT 1 FROM goodfence_inbox AS handled WHERE handled.marker = ${marker} AND handled.state IN ('done', 'superseded'))`
}

/** Supersedes what waits in an ordered lane up to an event. */
export function coverText(lane: string, seq: string, now: string): string {
  return `
    UPDATE goodfence_inbox SET state = 'superseded', due_at_ms = ${now}
    WHERE lane = ${lane} AND lane_order IS NOT NULL AND ${unfinished} AND due_at_ms = ${neverMs} AND seq <= ${seq}
    RETURNING marker`
}

/** What `requeue` sets: an event of an ordered lane waits for its turn again. */
export function requeuedText(now: string): string {
  return `state = CASE WHEN lane_order IS NULL THEN 'ready' ELSE 'held' END,
    due_at_ms = CASE WHEN lane_order IS NULL THEN ${now} ELSE ${neverMs} END,
    attempts = 0, crashes = 0, replays = replays + 1, waits_for = NULL`
}

/** The condition that an event still has the body it came with: one that was pruned leaves nothing to handle. */
export const wholeText = `(length(body) > 0 OR body_hash = '${hash('sha256', '')}')`

/** Dead events by kind. */
export const deadGroupsText = `
  SELECT provider, type, last_error, count(*) AS count, min(received_at_ms) AS oldest, max(received_at_ms) AS newest
  FROM goodfence_inbox WHERE state = 'dead' GROUP BY provider, type, last_error
  ORDER BY count DESC, provider, type, last_error LIMIT 100`

/** Strict lanes with a dead event, and how much waits behind it. */
export const blockedLanesText = `
  SELECT lane, seq, (
    SELECT count(*) FROM goodfence_inbox AS other WHERE other.lane = dead.lane AND other.lane_order IS NOT NULL
      AND other.${unfinished} AND other.seq > dead.seq) AS waiting
  FROM goodfence_inbox AS dead WHERE lane_order = 'strict' AND state = 'dead' ORDER BY seq LIMIT 100`

/** How a dialect reads the parameter that holds the selector's JSON: a query for the values under a name. */
export interface SelectorJson {
  readonly texts: (name: string) => string
  readonly numbers: (name: string) => string
}

const texts: Readonly<Record<Exclude<keyof Selector, 'seqs' | 'sinceMs'>, string>> = {
  states: 'state',
  provider: 'provider',
  type: 'type',
  eventId: 'event_id',
  lane: 'lane',
  marker: 'marker',
  lastError: 'last_error',
}

/** The condition that a selector stands for, with one JSON parameter for all of it. */
export function conditionOf(selector: Selector, json: SelectorJson): string {
  const names = (Object.keys(texts) as (keyof typeof texts)[]).filter((name) => selector[name] !== undefined)
  return [
    'TRUE',
    ...(selector.seqs === undefined ? [] : [`seq IN (${json.numbers('seqs')})`]),
    ...names.map((name) => `${texts[name]} IN (${json.texts(name)})`),
    ...(selector.sinceMs === undefined ? [] : [`received_at_ms >= (${json.numbers('sinceMs')})`]),
  ].join(' AND ')
}

/** The JSON parameter of `conditionOf`: every value as a list. */
export function selectorJson(selector: Selector): string {
  return JSON.stringify(Object.fromEntries(Object.entries(selector).map(([name, value]) => [name, [value].flat()])))
}
