import { duration } from '../../reports/step.ts'
import { type Invariant } from './invariant.ts'
import { describeStep } from '../workload.ts'

export interface BoundedTimeOptions {
  readonly withinMs: number
}

/** Every call comes back, with whatever outcome, within a time. */
export function boundedTime({ withinMs }: BoundedTimeOptions): Invariant {
  return {
    name: 'bounded-time',
    promise: `Every call returns within ${duration(withinMs)}.`,
    check: (history) =>
      history.calls.flatMap(({ step, startedMs, endedMs }) => {
        if (step.do !== 'pay' && step.do !== 'refund') return []
        if (endedMs === undefined) return [{ happened: `"${describeStep(step)}" never returned.` }]
        if (endedMs - startedMs <= withinMs) return []
        return [
          {
            happened: `"${describeStep(step)}" took ${duration(endedMs - startedMs)}; ${duration(withinMs)} were promised.`,
          },
        ]
      }),
  }
}
