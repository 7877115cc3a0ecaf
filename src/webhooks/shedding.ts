import { type RetryHorizon } from './retry-horizon.ts'

/** How much is waiting, as a share of what may: 1 is full. */
export type Load = number

/**
 * Whose deliveries are put off. Each level includes those before it: `long`: providers that come again for days.
 * `short`: also those that give up after hours or minutes. `all`: also those that never come again.
 */
export type SheddingLevel = 'none' | 'long' | 'short' | 'all'

const levels: readonly { readonly level: SheddingLevel; readonly from: Load }[] = [
  { level: 'none', from: 0 },
  { level: 'long', from: 0.8 },
  { level: 'short', from: 0.9 },
  { level: 'all', from: 1 },
]

/** A level that was entered at some load is left at half of it, so that it is not entered again at once. */
const leaveAt = 0.5

/** The level for a load, given the level so far. */
export function sheddingLevel(current: SheddingLevel, load: Load): SheddingLevel {
  let next: SheddingLevel = 'none'
  let isReached = false
  for (const { level, from } of levels.toReversed()) {
    isReached ||= level === current
    if (load >= (isReached ? from * leaveAt : from)) {
      next = level
      break
    }
  }
  return next
}

/** What is known of a provider whose delivery might be put off. */
export interface Sheddable {
  readonly horizon: RetryHorizon
  /** How many of its deliveries were put off in a row. */
  readonly refusedInARow: number
  /** It stops sending after so many refusals in a row; `undefined`: it never does. */
  readonly disablesAfter: number | undefined
}

const mildest: Readonly<Record<RetryHorizon, SheddingLevel>> = {
  days: 'long',
  hours: 'short',
  minutes: 'short',
  none: 'all',
}
const rank: Readonly<Record<SheddingLevel, number>> = { none: 0, long: 1, short: 2, all: 3 }

/** Whether a delivery is put off. A provider that would stop sending is refused half as often as it bears, and then heard. */
export function isShed(level: SheddingLevel, { horizon, refusedInARow, disablesAfter }: Sheddable): boolean {
  if (rank[level] < rank[mildest[horizon]]) return false
  return disablesAfter === undefined || refusedInARow < Math.floor(disablesAfter / 2)
}
