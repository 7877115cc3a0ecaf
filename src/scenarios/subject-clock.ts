import { type Clock, sleepOn } from '../core/clock.ts'

/** The part of a run's time that belongs to the integration: its timers are counted, and their failures caught. */
export interface SubjectClock extends Clock {
  /** Timers that are armed, without those that would not keep a process alive. */
  live(): number
  /** Where each of them was armed; empty strings where that was not traced. */
  armed(): readonly string[]
  /** Arms a timer and says more about it than `after` does. */
  arm(ms: number, callback: () => void): ArmedTimer
}

export interface ArmedTimer {
  cancel(): void
  /** Whether it would keep a process alive. */
  keepAlive(wanted: boolean): void
}

export interface SubjectClockOptions {
  readonly clock: Clock
  /** An exception in a timer ends a process; here it is told. */
  readonly onEscape: (error: unknown) => void
  /** Remember where timers are armed, which is slow. @default false */
  readonly trace?: boolean
}

/** Puts a ledger in front of a clock. */
export function subjectClock(options: SubjectClockOptions): SubjectClock {
  const { clock, onEscape, trace = false } = options
  const live = new Map<object, string>()

  function arm(ms: number, callback: () => void): ArmedTimer {
    const key = {}
    const place = trace ? placeOf(new Error('timer').stack ?? '') : ''
    live.set(key, place)
    let over = false
    const cancel = clock.after(ms, () => {
      over = true
      live.delete(key)
      try {
        callback()
      } catch (error) {
        onEscape(error)
      }
    })
    return {
      cancel() {
        over = true
        live.delete(key)
        cancel()
      },
      keepAlive(wanted) {
        if (over) return
        if (wanted) live.set(key, place)
        else live.delete(key)
      },
    }
  }

  const subject: SubjectClock = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => sleepOn(subject, ms, signal),
    after: (ms, callback) => {
      const timer = arm(ms, callback)
      return () => timer.cancel()
    },
    hold: (work) => clock.hold(work),
    arm,
    armed: () => [...live.values()],
    live: () => live.size, // no accessor: V8 makes a new hidden class for each object literal that has one
  }
  return subject
}

/** The first line of a stack that is neither ours nor Node's. */
function placeOf(stack: string): string {
  const line = stack
    .split('\n')
    .slice(1)
    .find(
      (frame) =>
        !/node:|[\\/](?:scenarios|core)[\\/](?:subject-clock|install-clock|patched-timers|clock|virtual-clock)\./.test(
          frame,
        ),
    )
  return line?.trim() ?? ''
}
