import { type Clock } from '../core/clock.ts'

export interface SettleOptions {
  /** Something may still happen: a delivery is due, a timer is armed, the subject says that it is at work. */
  readonly busy: () => boolean
  /** Something will still happen, whatever the subject's timers are for. */
  readonly working: () => boolean
  /** Grows with everything that happens. */
  readonly seen: () => number
  readonly limitMs: number
  /** When only timers are left, such as a poll, and nothing has happened for this long, nothing will. */
  readonly quietMs: number
  /** The longest pause that anybody was asked to make, which comes on top. @default 0 */
  readonly askedMs?: () => number
}

/** Steps of time, for `advanceEach`, until nothing more will happen, at most for the limit. */
export function* settling(clock: Pick<Clock, 'monotonic'>, options: SettleOptions): Iterable<number> {
  const { busy, working, seen, limitMs, quietMs, askedMs = () => 0 } = options
  const endMs = clock.monotonic() + limitMs
  yield 0
  let quietSinceMs = clock.monotonic()
  let stepMs = 100
  let before = seen()
  while (busy() && clock.monotonic() < endMs) {
    yield Math.min(stepMs, endMs - clock.monotonic())
    stepMs = Math.min(stepMs * 2, 3_600_000)
    if (working() || seen() > before) {
      before = seen()
      quietSinceMs = clock.monotonic()
      continue
    }
    const quietForMs = clock.monotonic() - quietSinceMs
    if (quietForMs >= quietMs && quietForMs >= quietMs + askedMs()) return
  }
}
