import { type Clock } from '../core/clock.ts'
import { type Delivery } from './delivery.ts'
import { type Line } from './line.ts'

/** A sending that waits: for its time or, without a time, for the next event. */
export interface Waiting {
  readonly line: Line
  readonly delivery: Delivery
  readonly kind: 'timed' | 'held'
  /** Faults have had their say. */
  readonly asked: boolean
  cancelTimer: () => void
}

/** How long a delivery that is to come after the next event waits for one. */
const holdMs = 60_000

/** Where sendings wait until they are due. */
export interface WaitingRoom {
  readonly size: number
  /** Keeps it until it is due, or for as long as it is held, and then calls the owner back; by then it is out. */
  add(entry: Omit<Waiting, 'cancelTimer'>): void
  /** Takes it out before its time. */
  take(entry: Waiting): Waiting
  takeAll(chosen: (entry: Waiting) => boolean): readonly Waiting[]
  timed(): readonly Waiting[]
  /** The one held last that fits. */
  newestHeld(fits: (held: Waiting) => boolean): Waiting | undefined
}

/** Makes a room that is empty. `onDue` and `onHeldTooLong` are told of what has left by itself, or must. */
export function createWaitingRoom(
  clock: Clock,
  { onDue, onHeldTooLong }: Record<'onDue' | 'onHeldTooLong', (entry: Waiting) => void>,
): WaitingRoom {
  const timed = new Set<Waiting>()
  const held = new Set<Waiting>()

  function take(entry: Waiting): Waiting {
    entry.cancelTimer()
    if (entry.kind === 'held') held.delete(entry)
    else timed.delete(entry)
    return entry
  }

  return {
    get size() {
      return timed.size + held.size
    },
    add({ line, delivery, kind, asked }) {
      const entry: Waiting = { line, delivery, kind, asked, cancelTimer: () => {} }
      const afterMs = kind === 'held' ? holdMs : Math.max(0, delivery.dueAtMs - clock.now())
      if (kind === 'held') held.add(entry)
      else timed.add(entry)
      entry.cancelTimer = clock.after(afterMs, () => {
        if (kind === 'held') onHeldTooLong(entry)
        else onDue(take(entry))
      })
    },
    take,
    takeAll: (chosen) => [...timed, ...held].filter(chosen).map(take),
    timed: () => [...timed],
    newestHeld: (fits) => (held.size === 0 ? undefined : [...held].findLast(fits)),
  }
}
