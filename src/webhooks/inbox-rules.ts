import { GoodfenceError } from '../core/errors.ts'
import { type EventState, type Outcome, type RequeueOptions, type Retention, type Selector } from './inbox.ts'

const dayMs = 86_400_000

/** As long as the most patient provider keeps retrying. */
const retryHorizonMs = 3 * dayMs

/** The state in which an outcome leaves an event. */
export const stateAfter: Readonly<Record<Outcome['kind'], EventState>> = {
  done: 'done',
  superseded: 'superseded',
  retry: 'ready',
  dead: 'dead',
}

/** The states that `requeue` may touch. */
export function requeueable(selector: Selector, { force = false }: RequeueOptions): readonly EventState[] {
  const allowed: EventState[] = force ? ['dead', 'quarantined', 'done', 'superseded'] : ['dead', 'quarantined']
  return selector.states === undefined ? allowed : allowed.filter((state) => selector.states?.includes(state))
}

/** Retention with its defaults. Throws `usage` when known events would be taken for new ones. */
export function retentionOf({
  bodiesAfterMs = 14 * dayMs,
  eventsAfterMs = 90 * dayMs,
}: Retention): Required<Retention> {
  if (eventsAfterMs >= retryHorizonMs) return { bodiesAfterMs, eventsAfterMs }
  throw new GoodfenceError(
    'usage',
    `Events forgotten after ${eventsAfterMs} ms would be handled again when their provider retries.`,
    { mend: `keep events for at least ${retryHorizonMs} ms (three days)` },
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
