import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPlan } from '../../src/mocks/plan.ts'
import { type Space, everyPlan, planArbitrary, workloadArbitrary } from '../../src/scenarios/draw.ts'
import { explore } from '../../src/scenarios/explore.ts'
import { atMostOnce, converges, fulfilledOnce, paidIsFulfilled } from '../../src/scenarios/invariants/index.ts'
import { fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const space: Space = {
  operations: ['POST /charges'],
  events: ['charge.succeeded'],
  cards: ['pm_card_visa', 'declined'],
  kinds: ['lost-reply', 'reset', 'latency', 'duplicate', 'drop', 'delay'],
}
const invariants = [atMostOnce(), fulfilledOnce(), paidIsFulfilled(), converges()]

describe('drawing plans', () => {
  test('makes plans that can be read, of every kind', () => {
    const all: Space = { ...space, operations: ['POST /charges', 'GET /charges'] }
    const { kinds: _, ...every } = all
    fc.assert(fc.property(planArbitrary(every), (plan) => void readPlan(plan, 'drawn')))
    for (const plan of everyPlan(every, 1)) readPlan(plan, 'enumerated')
  })

  test('enumerates every plan up to a number of faults, each once', () => {
    const plans = [...everyPlan({ ...space, kinds: ['lost-reply', 'drop'] }, 2)].map((plan) => JSON.stringify(plan))
    expect(plans).toHaveLength(1 + 4 + 6)
    expect(new Set(plans).size).toBe(plans.length)
  })

  test('draws workloads that have something to do', () => {
    fc.assert(fc.property(workloadArbitrary(space), (workload) => workload.length > 0))
  })
})

describe('exploring', () => {
  test('proves a careful shop up to one fault and then draws', async () => {
    const explored = await explore({
      subject: shop(),
      pack: fakePack(),
      space,
      invariants,
      maxSchedules: 60,
      budgetMs: 20_000,
    })
    expect(explored).toEqual({ schedules: 60, exhaustedFaults: 1 })
  })

  test('finds the smallest plan that charges twice', async () => {
    const { found, exhaustedFaults } = await explore({
      subject: shop({ keyless: true }),
      pack: fakePack(),
      space,
      invariants,
      budgetMs: 20_000,
    })
    expect(exhaustedFaults).toBe(0)
    expect(found?.broken?.smallest.plan).toEqual({
      faults: [{ on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' } }],
    })
  })

  test('finds the same with the same seed', async () => {
    const find = async () =>
      (
        await explore({
          subject: shop({ checksThenActs: true }),
          pack: fakePack(),
          space,
          invariants,
          seed: 4,
          exhaustiveFaults: 0,
          budgetMs: 20_000,
        })
      ).found?.broken?.smallest
    const found = await find()
    expect(found).toBeDefined()
    expect(await find()).toEqual(found)
  })
})
