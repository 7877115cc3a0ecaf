import { type Random } from '../core/random.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** The pauses after each failed attempt: about 16 hours in all, then the event is dead. */
export const defaultPausesMs: readonly number[] = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  1 * hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
]

/** How far a pause may be from its figure, in both directions, so that what failed together does not return together. */
const spread = 0.2

/** The pause before the next attempt, after `attempts` have failed; `undefined` when there is none left. */
export function pauseAfter(attempts: number, pausesMs: readonly number[], random: Random): number | undefined {
  const pauseMs = pausesMs[attempts - 1]
  return pauseMs === undefined ? undefined : Math.round(pauseMs * (1 + spread * (2 * random() - 1)))
}
