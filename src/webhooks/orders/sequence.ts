import { askProvider, type Ask } from './ask.ts'
import { type ArrivingEvent, type KeyOf, type FreeOrdering } from './ordering.ts'

export interface SequenceOptions {
  /** What an event is about. */
  readonly key: KeyOf
  /** Its number among the events of its key; the provider leaves none out. */
  readonly number: (event: ArrivingEvent) => number | undefined
  /** The number of a key's first event, which waits for none. @default 1 */
  readonly first?: number | undefined
  /** How long an event waits for the one before it. */
  readonly timeoutMs: number
  /** What to do when that never came: ask the provider and hand the answer to the handler as `context.current`; or give up with the reason `gap`. */
  readonly onGap: Ask | 'dead'
  /** Whether a dead event holds up the later ones of its key until someone requeues or skips it. @default 'block' */
  readonly onDead?: 'block' | 'continue' | undefined
}

/**
 * Every event of a key in the order of the provider's own numbers, whatever order they arrive in. One that comes after
 * its place was filled by asking is superseded.
 */
export function sequence(options: SequenceOptions): FreeOrdering {
  const { key, number, first = 1, timeoutMs, onGap, onDead = 'block' } = options
  return {
    kind: 'sequence',
    place(event, naming) {
      const about = key(event)
      const at = number(event)
      if (about === undefined || at === undefined) return {}
      const marker = naming.marker(about, at)
      return at <= first ? { marker } : { marker, after: { marker: naming.marker(about, at - 1), timeoutMs } }
    },
    handling:
      (next, { clock, naming, find }) =>
      async (event, context) => {
        const about = key(event)
        const at = number(event)
        if (about === undefined || at === undefined) return next(event, context)
        const { marker } = naming(event)
        if (onGap !== 'dead' && (await find(marker(about, at + 1))) === 'done') return { kind: 'superseded' }
        if (context.missing === undefined) return next(event, context)

        const before = await find(context.missing)
        if (before === 'dead' && onDead === 'continue') return next(event, context)
        // It is there, only not handled yet: no gap.
        if (before !== undefined) return { kind: 'hold', forMs: timeoutMs, marker: context.missing }
        if (onGap === 'dead') return { kind: 'dead', reason: 'gap' }
        const asked = await askProvider(onGap, event, context.signal, clock)
        return 'refused' in asked ? asked.refused : next(event, Object.assign(context, asked))
      },
  }
}
