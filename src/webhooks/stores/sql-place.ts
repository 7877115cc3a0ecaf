import { isOrdered } from '../inbox-rules.ts'
import { type EventState, type LaneOrder, neverMs, type NewEvent } from '../inbox.ts'

/** The columns that say where an event stands, as it is inserted. */
export interface SqlPlace {
  readonly lane: string | null
  readonly laneOrder: LaneOrder | null
  readonly marker: string | null
  readonly waitsFor: string | null
  readonly state: EventState
  /** How long until it is due, if nothing wakes it before. */
  readonly delayMs: number
}

/** Where an arriving event is inserted. One that may have to wait is held, and woken in the same transaction when it need not. */
export function placeOf(event: NewEvent, asked: EventState): SqlPlace {
  // Nothing waits for what is in conflict, and its being skipped must not pass for its twin's being handled.
  if (asked === 'conflict')
    return { lane: null, laneOrder: null, marker: null, waitsFor: null, state: asked, delayMs: 0 }
  const { lane = null, marker = null, after } = event
  const laneOrder = isOrdered(event) ? (event.laneOrder as LaneOrder) : null
  const place = { lane, laneOrder, marker, waitsFor: null, state: asked, delayMs: 0 }
  if (asked !== 'ready') return place
  if (laneOrder !== null) return { ...place, state: 'held', delayMs: neverMs }
  if (after === undefined) return place
  return { ...place, waitsFor: after.marker, state: 'held', delayMs: Math.min(Math.ceil(after.timeoutMs), neverMs) }
}
