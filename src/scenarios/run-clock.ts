import { type Clock, systemClock } from '../core/clock.ts'
import { type VirtualClock } from '../core/virtual-clock.ts'

/** The time of a run, virtual or real, and how to let it pass. */
export type RunClock = Clock & Pick<VirtualClock, 'run' | 'advanceEach'>

/** Real time: work takes as long as it takes, and waiting is waiting. */
export const realClock: RunClock = {
  ...systemClock,
  run: (work) => work(),
  async advanceEach(steps) {
    for (const ms of steps) await systemClock.sleep(ms)
  },
}

/** How long a run waits for what, on its own clock. */
export interface Patience {
  /** For all calls of the workload together. */
  readonly workloadMs: number
  /** For faults to go on after the workload, before the provider is healed. */
  readonly healAfterMs: number
  /** For everything to settle: longer than the longest schedule of deliveries. */
  readonly settleMs: number
  /** For something to happen while nothing but timers is left. */
  readonly quietMs: number
  /** For starting, observing and stopping, each. */
  readonly subjectMs: number
}

const minuteMs = 60_000

export const virtualPatience: Patience = {
  workloadMs: 60 * minuteMs,
  healAfterMs: 10 * minuteMs,
  settleMs: 6_000 * minuteMs,
  quietMs: 15 * minuteMs,
  subjectMs: minuteMs,
}

/** Nobody waits three days for a webhook: what takes longer than this is left out in real time. */
export const realPatience: Patience = {
  workloadMs: 70_000,
  healAfterMs: 500,
  settleMs: 3_000,
  quietMs: 300,
  subjectMs: 30_000,
}
