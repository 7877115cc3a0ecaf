import { type Clock } from '../../core/clock.ts'

/** How long to wait before the next of so many in a second, for the user with this name; 0: it is now. */
export type Budget = (name: string) => number

/**
 * Makes a budget. Who has to wait is given a time of its own, and finds it kept when it comes back under
 * the same name.
 */
export function budget(perSecond: number, clock: Clock): Budget {
  const times = new Map<string, number>()
  const stepMs = 1_000 / perSecond
  let nextMs = Number.NEGATIVE_INFINITY

  return (name) => {
    const nowMs = clock.now()
    const ownMs = times.get(name)
    if (ownMs !== undefined && ownMs > nowMs) return ownMs - nowMs
    times.delete(name)
    if (ownMs !== undefined && nowMs - ownMs < forgottenAfterMs) return 0
    const timeMs = Math.max(nowMs, nextMs)
    nextMs = timeMs + stepMs
    if (timeMs <= nowMs) return 0
    if (times.size > 10_000) for (const [other, atMs] of times) if (nowMs - atMs > forgottenAfterMs) times.delete(other)
    times.set(name, timeMs)
    return timeMs - nowMs
  }
}

/** Another process may have come instead. */
const forgottenAfterMs = 60_000
