import { describe, expect, test } from 'vitest'
import { type FaultPlan } from '../../src/mocks/plan.ts'
import { type Case } from '../../src/scenarios/run.ts'
import { shrink } from '../../src/scenarios/shrink.ts'
import { order } from '../../src/scenarios/workload.ts'

const lost = {
  on: { operation: 'POST /charges', nth: [2, 3], probability: 0.5 },
  fault: { kind: 'lost-reply' },
} as const
const late = { on: { event: '*', fromMs: 5, untilMs: 500 }, fault: { kind: 'delay', delayMs: 77_000 } } as const
const slow = { fault: { kind: 'latency', delayMs: 4_321, jitterMs: 50, at: 'after' } } as const
const big: Case = {
  plan: { faults: [lost, late, slow] },
  workload: [
    { do: 'pay', order: order('order-1'), atMs: 700 },
    { do: 'pay', order: order('order-2'), atMs: 900 },
  ],
}

const has = (plan: FaultPlan, kind: string) => plan.faults.some(({ fault }) => fault.kind === kind)

describe('shrinking', () => {
  test('takes away every fault and step that is not needed', async () => {
    const smallest = await shrink(big, { stillBroken: async ({ plan }) => has(plan, 'lost-reply') })
    expect(smallest.plan.faults).toEqual([
      { on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' } },
    ])
    expect(smallest.workload).toHaveLength(1)
  })

  test('keeps faults that only break something together', async () => {
    const stillBroken = async ({ plan }: Case) => has(plan, 'lost-reply') && has(plan, 'delay')
    const { plan } = await shrink(big, { stillBroken })
    expect(plan.faults.map(({ fault }) => fault.kind)).toEqual(['lost-reply', 'delay'])
  })

  test('leaves values that somebody wrote as they are', async () => {
    const { plan, workload } = await shrink(big, { stillBroken: async (candidate) => has(candidate.plan, 'latency') })
    expect(plan.faults[0]?.fault).toEqual(slow.fault)
    expect(workload[0]?.atMs).toBe(900)
  })

  test('makes values that were drawn as plain as can be', async () => {
    const { plan, workload } = await shrink(big, {
      values: true,
      stillBroken: async (candidate) => has(candidate.plan, 'latency'),
    })
    expect(plan.faults).toEqual([{ on: { nth: [1] }, fault: { kind: 'latency', delayMs: 100 } }])
    expect(workload[0]?.atMs).toBe(0)
  })

  test('never offers a plan that could not be written down', async () => {
    const limited: Case = { ...big, plan: { faults: [{ fault: { kind: 'rate-limit', retryAfter: 30, as: 'date' } }] } }
    const seen: FaultPlan[] = []
    await shrink(limited, {
      values: true,
      stillBroken: async ({ plan }) => {
        seen.push(plan)
        return false
      },
    })
    expect(
      seen.some(
        ({ faults }) => faults[0] !== undefined && 'as' in faults[0].fault && !('retryAfter' in faults[0].fault),
      ),
    ).toBe(false)
  })

  test('ends after as many runs as it may have', async () => {
    let runs = 0
    await shrink(big, { maxRuns: 3, stillBroken: async () => ++runs > 0 })
    expect(runs).toBe(3)
  })

  test('gives back what cannot be made smaller', async () => {
    expect(await shrink(big, { stillBroken: async () => false })).toBe(big)
  })
})
