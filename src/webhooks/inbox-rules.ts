import { GoodfenceError } from '../core/errors.ts'
import {
  type EventState,
  type LaneOrder,
  type NewEvent,
  type Outcome,
  type RequeueOptions,
  type Retention,
  type Selector,
} from './inbox.ts'

const dayMs = 86_400_000

/** As long as most providers keep retrying, at the most. */
const retryHorizonMs = 3 * dayMs

/** The state in which an outcome leaves an event. */
export const stateAfter: Readonly<Record<Outcome['kind'], EventState>> = {
  done: 'done',
  superseded: 'superseded',
  hold: 'held',
  retry: 'ready',
  dead: 'dead',
}

/** Whether the lane has an order; the events of one that has none are only kept apart. */
export function isOrdered({ lane, laneOrder }: { lane?: string; laneOrder?: LaneOrder }): boolean {
  return lane !== undefined && (laneOrder === 'serial' || laneOrder === 'strict')
}

/** Refuses a place that could never be reached. Throws `usage`. */
export function requirePlace(event: NewEvent): void {
  if (event.after === undefined || event.lane === undefined) return
  throw new GoodfenceError('usage', `Event ${event.eventId} waits for a marker and in a lane.`, {
    mend: 'give an event either a lane or a marker to wait for',
  })
}

/** The states that `requeue` may touch. What is in conflict has a twin that is handled: it can only be skipped. */
export function requeueable(selector: Selector, { force = false, to }: RequeueOptions): readonly EventState[] {
  const allowed: EventState[] = force ? ['dead', 'quarantined', 'done', 'superseded'] : ['dead', 'quarantined']
  if (to === 'skip') allowed.push('conflict')
  return selector.states === undefined ? allowed : allowed.filter((state) => selector.states?.includes(state))
}

/** Ages at which events are pruned. */
export type Ages = Required<Omit<Retention, 'providers'>>

/** Retention with its defaults. Throws `usage` when known events would be taken for new ones. */
export function retentionOf(retention: Retention): Ages {
  const { bodiesAfterMs = 14 * dayMs, eventsAfterMs = 30 * dayMs, tombstonesAfterMs = 90 * dayMs } = retention
  const horizonMs = Math.max(...(retention.providers?.map(horizonOf) ?? [retryHorizonMs]))
  if (tombstonesAfterMs >= horizonMs) return { bodiesAfterMs, eventsAfterMs, tombstonesAfterMs }
  throw new GoodfenceError(
    'usage',
    `Events forgotten after ${tombstonesAfterMs} ms would be handled again when their provider retries.`,
    { mend: `keep tombstones for at least ${horizonMs} ms (${Math.ceil(horizonMs / dayMs)} days)` },
  )
}

function horizonOf({ webhooks }: NonNullable<Retention['providers']>[number]): number {
  const { retryAfterMs, windowMs = 0 } = webhooks.delivery
  return Math.max(
    windowMs,
    retryAfterMs.reduce((sum, pauseMs) => sum + pauseMs, 0),
  )
}

/** Callbacks that can be told something. */
export interface Listeners {
  readonly add: (listener: () => void) => () => void
  readonly tell: () => void
}

/** Makes an empty set of callbacks. */
export function listeners(): Listeners {
  const all = new Set<() => void>()
  return {
    add: (listener) => {
      all.add(listener)
      return () => void all.delete(listener)
    },
    tell: () => {
      for (const listener of all) listener()
    },
  }
}
