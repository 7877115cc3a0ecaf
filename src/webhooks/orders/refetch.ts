import { askProvider, type Ask } from './ask.ts'
import { budget } from './budget.ts'
import { type KeyOf, type FreeOrdering } from './ordering.ts'

export interface RefetchOptions {
  /** What an event is about: one fetch covers everything of a key that had arrived before it began. */
  readonly key: KeyOf
  readonly fetch: Ask
  /** At most so many fetches a second, of this process. @default no limit */
  readonly perSecond?: number | undefined
}

/**
 * Takes an event as a hint that something changed, and fetches what it is now: the handler finds it as
 * `context.current`. Right wherever the present state is what matters, since no order of arrival can be wrong.
 *
 * After an outage the hints that piled up cost one fetch for each key.
 */
export function refetch({ key, fetch, perSecond }: RefetchOptions): FreeOrdering {
  return {
    kind: 'refetch',
    place(event, naming) {
      const about = key(event)
      return about === undefined ? {} : { lane: naming.lane(about), laneOrder: 'serial' }
    },
    handling(next, { clock, naming }) {
      const waitFor = perSecond === undefined ? () => 0 : budget(perSecond, clock)
      return async (event, context) => {
        const about = key(event)
        const waitMs = waitFor(about === undefined ? event.id : naming(event).lane(about))
        if (waitMs > 0) return { kind: 'hold', forMs: waitMs }
        const asked = await askProvider(fetch, event, context.signal, clock)
        if ('refused' in asked) return asked.refused
        const result = await next(event, Object.assign(context, asked))
        return result === undefined || result.kind === 'done' ? { kind: 'done', coversLane: true } : result
      }
    },
  }
}
