import { type Clock } from '../../core/clock.ts'

/** Longer than it takes to commit after a row was told when it is due, which is never before that moment. */
const commitsWithinMs = 5_000

/** How often all is read nevertheless: beside others, what took longer, or came while the server's clock went back, is late by this. */
const wholeEveryMs = 10_000

/** From which time on events may be due that are not finished. */
export interface ClaimFloor {
  /** Where a claim begins to read. */
  readonly fromMs: () => number
  /** Tells it what a claim saw: the oldest unfinished event, or its own time when that was earlier. */
  readonly saw: (oldestMs: number) => void
}

/**
 * Remembers how far the past is done with. What was handled leaves an entry in the index until the table is vacuumed, and a
 * claim that began at the first would step over all of them. One that finds nothing begins there all the same.
 */
export function claimFloor(clock: Clock): ClaimFloor {
  let floorMs = 0
  let wholeAtMs = Number.NEGATIVE_INFINITY
  return {
    fromMs() {
      if (clock.monotonic() < wholeAtMs) return floorMs
      wholeAtMs = clock.monotonic() + wholeEveryMs
      return 0
    },
    saw(oldestMs) {
      floorMs = Math.max(0, oldestMs - commitsWithinMs)
    },
  }
}
