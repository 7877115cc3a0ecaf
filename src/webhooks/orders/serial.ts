import { type KeyOf, type FreeOrdering } from './ordering.ts'

export interface SerialOptions {
  /** What an event is about. Events of one key are handled one by one, in the order in which they arrived. */
  readonly key: KeyOf
  /** Whether a dead event holds up the later ones of its key until someone requeues or skips it. @default 'block' */
  readonly onDead?: 'block' | 'continue' | undefined
}

/**
 * Every event of a key in the order of its arrival: right where each change has to be made and none can be left out.
 * An event that waits for its next attempt holds up its own key, and no other.
 */
export function serial({ key, onDead = 'block' }: SerialOptions): FreeOrdering {
  return {
    kind: 'serial',
    place(event, naming) {
      const about = key(event)
      if (about === undefined) return {}
      return { lane: naming.lane(about), laneOrder: onDead === 'block' ? 'strict' : 'serial' }
    },
  }
}
