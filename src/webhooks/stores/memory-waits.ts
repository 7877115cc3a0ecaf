import { isOrdered } from '../inbox-rules.ts'
import { type EventState, type InboxEvent, neverMs } from '../inbox.ts'

/** What is read of an event that may wait for others. */
export type Waiter = Pick<InboxEvent, 'seq' | 'lane' | 'laneOrder' | 'marker' | 'waitsFor' | 'state' | 'dueAtMs'>

interface Lane<Row> {
  /** The one that is due, at work, or to be tried again. */
  taken?: Row | undefined
  /** In order of arrival. */
  readonly parked: Row[]
  /** Dead ones of a strict lane. */
  readonly blocking: Set<Row>
}

/** Who waits for whom: the turns of ordered lanes, and the markers. */
export class Waits<Row extends Waiter> {
  readonly #lanes = new Map<string, Lane<Row>>()
  readonly #waiting = new Map<string, Set<Row>>()
  readonly #handled = new Map<string, number>()

  /** To be called before and after a row's state or due time changes. */
  remove(row: Row): void {
    if (isOrdered(row)) {
      const lane = this.#laneOf(row)
      if (lane.taken === row) lane.taken = undefined
      else if (isParked(row)) lane.parked.splice(placeIn(lane.parked, row.seq), 1)
      lane.blocking.delete(row)
      if (lane.taken === undefined && lane.parked.length === 0 && lane.blocking.size === 0)
        this.#lanes.delete(row.lane as string)
    }
    if (row.waitsFor !== undefined) this.#waiting.get(row.waitsFor)?.delete(row)
    if (row.marker !== undefined && isHandled(row.state)) this.#count(row.marker, -1)
  }

  add(row: Row): void {
    if (isOrdered(row)) {
      const lane = this.#laneOf(row)
      if (isParked(row)) lane.parked.splice(placeIn(lane.parked, row.seq), 0, row)
      else if (isUnfinished(row.state)) lane.taken = row
      else if (row.state === 'dead' && row.laneOrder === 'strict') lane.blocking.add(row)
    }
    if (row.waitsFor !== undefined && row.state === 'held') {
      const waiting = this.#waiting.get(row.waitsFor) ?? new Set()
      this.#waiting.set(row.waitsFor, waiting.add(row))
    }
    if (row.marker !== undefined && isHandled(row.state)) this.#count(row.marker, 1)
  }

  /** The row of an ordered lane that may go next; `undefined` while another is under way or blocks it. */
  nextOf(lane: string): Row | undefined {
    const found = this.#lanes.get(lane)
    const next = found?.parked[0]
    if (found === undefined || next === undefined || found.taken !== undefined) return undefined
    return [...found.blocking].some(({ seq }) => seq < next.seq) ? undefined : next
  }

  /** The rows of an ordered lane that wait for their turn and arrived no later. */
  parkedUpTo(lane: string, seq: number): readonly Row[] {
    return (this.#lanes.get(lane)?.parked ?? []).filter((row) => row.seq <= seq)
  }

  /** The rows that wait for a marker, once an event with it was handled. */
  wokenBy(marker: string): readonly Row[] {
    return (this.#handled.get(marker) ?? 0) > 0 ? [...(this.#waiting.get(marker) ?? [])] : []
  }

  /** Dead rows of strict lanes, and how many wait behind each. */
  *blocked(): Generator<{ readonly row: Row; readonly waiting: number }> {
    for (const { taken, parked, blocking } of this.#lanes.values()) {
      const open = taken === undefined ? parked : [...parked, taken]
      for (const row of blocking) yield { row, waiting: open.filter(({ seq }) => seq > row.seq).length }
    }
  }

  #laneOf({ lane = '' }: Row): Lane<Row> {
    const found = this.#lanes.get(lane) ?? { parked: [], blocking: new Set() }
    this.#lanes.set(lane, found)
    return found
  }

  #count(marker: string, by: number): void {
    const count = (this.#handled.get(marker) ?? 0) + by
    if (count === 0) this.#handled.delete(marker)
    else this.#handled.set(marker, count)
  }
}

/** Neither handled nor given up. */
export function isUnfinished(state: EventState): boolean {
  return state === 'ready' || state === 'held' || state === 'leased'
}

function isHandled(state: EventState): boolean {
  return state === 'done' || state === 'superseded'
}

function isParked({ state, dueAtMs }: Waiter): boolean {
  return isUnfinished(state) && dueAtMs === neverMs
}

function placeIn(rows: readonly Waiter[], seq: number): number {
  const last = rows[rows.length - 1]
  if (last === undefined || last.seq < seq) return rows.length
  return rows.findIndex((row) => row.seq >= seq)
}
