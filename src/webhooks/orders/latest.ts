import { type Effect } from '../inbox.ts'
import { type Standing } from '../newest.ts'
import { askProvider, type Ask } from './ask.ts'
import { type ArrivingEvent, type KeyOf, type Ordering } from './ordering.ts'

export interface LatestOptions<Transaction> {
  /** What an event is about. */
  readonly key: KeyOf
  /** Rises with every change: a version, or a time. */
  readonly version: (event: ArrivingEvent) => number | undefined
  /** Remembers the newest version of each key, in the transaction of the effects: `newest(database)`. */
  readonly newest: (key: string, version: number, transaction: Transaction) => Standing | Promise<Standing>
  /**
   * What to do about a version that was seen before in another event, since nobody can tell which of them is newer: ask
   * the provider, and hand the answer to the handler as `context.current`; handle it all the same; or give it up.
   */
  readonly onTie: Ask | 'run' | 'dead'
}

/**
 * Lets the newest version of each key win: an event that is older than one that was handled is superseded, and
 * its effects are not made. Right where an event carries the whole object and a version of it.
 */
export function latest<Transaction>(options: LatestOptions<Transaction>): Ordering<Transaction> {
  const { key, version, newest, onTie } = options
  return {
    kind: 'latest',
    place(event, naming) {
      const about = key(event)
      // Never two at a time, or an answer fetched for one would be written over the other.
      return about === undefined ? {} : { lane: naming.lane(about) }
    },
    handling:
      (next, { clock, naming }) =>
      async (event, context) => {
        const about = key(event)
        const found = version(event)
        if (about === undefined || found === undefined) return next(event, context)
        if (context.lastError === tie) {
          if (onTie === 'dead') return { kind: 'dead', reason: tie }
          if (onTie === 'run') return next(event, context)
          const asked = await askProvider(onTie, event, context.signal, clock)
          return 'refused' in asked ? asked.refused : next(event, Object.assign(context, asked))
        }
        // The first effect of all: when it throws, none is made.
        const check = (transaction: Transaction) =>
          settled(newest(naming(event).lane(about), found, transaction), judge)
        context.effect(check as Effect<Transaction>)
        return next(event, context)
      },
  }
}

/** The kind of failure by which the next attempt knows that the versions are the same. */
export const tie = 'tie'

/** Thrown by an effect: the event is older than one that was handled. */
export class Superseded extends Error {}

/** Thrown by an effect: nobody can tell whether the event is newer. */
export class Tie extends Error {}

function judge(standing: Standing): void {
  if (standing === 'older') throw new Superseded('A newer version was handled.')
  if (standing === 'same') throw new Tie('Another event has the same version.')
}

function settled<Value>(value: Value | Promise<Value>, use: (value: Value) => void): void | Promise<void> {
  return value instanceof Promise ? value.then(use) : use(value)
}
