import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPlan } from '../../src/mocks/plan.ts'
import { drawn, everyPlan, planArbitrary, plainWorkloads, workloadArbitrary } from '../../src/scenarios/draw.ts'
import { explore } from '../../src/scenarios/explore.ts'
import { makeBundle } from '../../src/scenarios/make-bundle.ts'
import { replay } from '../../src/scenarios/replay.ts'
import { fakeExploring, fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const { space } = fakeExploring
const longMs = 20_000

describe('drawing plans', () => {
  const { kinds: _, ...every } = { ...space, operations: ['POST /charges', 'GET /charges'] }

  test('makes plans that can be read, of every kind', () => {
    fc.assert(fc.property(planArbitrary(every), (plan) => void readPlan(plan, 'drawn')))
    for (const plan of everyPlan(every, 1)) readPlan(plan, 'enumerated')
  })

  test('enumerates every plan up to a number of faults, each once', () => {
    const plans = [...everyPlan({ ...space, kinds: ['lost-reply', 'drop'] }, 2)].map((plan) => JSON.stringify(plan))
    expect(plans).toHaveLength(1 + 4 + 6)
    expect(new Set(plans).size).toBe(plans.length)
  })

  test('draws workloads that begin with a payment', () => {
    fc.assert(fc.property(workloadArbitrary(space), ([first]) => first?.do === 'pay'))
  })

  test('draws nothing of one seed again with the next', () => {
    const first = (seed: number) =>
      drawn(space, seed)
        .take(120)
        .map((draw) => JSON.stringify(draw))
        .toArray()
    const [one, two] = [first(1), new Set(first(2))]
    expect(first(1)).toEqual(one)
    expect(one.slice(50).filter((draw) => two.has(draw)).length).toBeLessThan(20)
  })
})

describe('exploring', () => {
  test('proves a careful shop up to one fault and then draws', async () => {
    const heard: number[] = []
    const explored = await explore({
      subject: shop(),
      pack: fakePack(),
      maxSchedules: 60,
      budgetMs: longMs,
      onProgress: (schedules) => heard.push(schedules),
    })
    expect(explored).toEqual({ schedules: 60, exhaustedFaults: 1 })
    expect(heard).toEqual([25, 50])
  })

  test('tries every plan with every card', async () => {
    const all = [...everyPlan(space, 1)].length * plainWorkloads(space).length
    const options = { subject: shop(), pack: fakePack(), budgetMs: longMs }
    expect(await explore({ ...options, maxSchedules: all - 1 })).toEqual({ schedules: all - 1, exhaustedFaults: 0 })
    expect(await explore({ ...options, maxSchedules: all })).toEqual({ schedules: all, exhaustedFaults: 1 })
  })

  test('finds the smallest case that charges twice', async () => {
    const { found, exhaustedFaults } = await explore({
      subject: shop({ keyless: true }),
      pack: fakePack(),
      budgetMs: longMs,
    })
    expect(exhaustedFaults).toBe(0)
    expect(found?.broken?.smallest.plan).toEqual({
      faults: [{ on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' } }],
    })
    expect(found?.result?.workload).toEqual(['pay order-1, 20.00 usd, pm_card_visa'])
  })

  test('leaves a bundle that can be replayed, although no scenario says what it is about', async () => {
    const subject = shop({ keyless: true })
    const pack = fakePack()
    const { found } = await explore({ subject, pack, budgetMs: longMs, seed: 5 })
    const { name, bundle, result } = makeBundle(found!.result!, found!.broken!, { out: 'out', version: '0.1.0' })
    expect(name).toBe('shop--holds-under-every-schedule.json')
    expect(result.replay).toBe(`npx goodfence replay out/${name}`)
    const own = { provider: 'fake', subject, scenarios: [] }
    expect(await replay(bundle, own, { pack })).toMatchObject({ reproduced: true, result: { seed: 5 } })
    expect(await replay(bundle, { ...own, subject: shop() }, { pack })).toMatchObject({
      reproduced: false,
      result: { verdict: 'holds' },
    })
  })

  test('finds the same with the same seed', async () => {
    const find = async () =>
      (
        await explore({
          subject: shop({ checksThenActs: true }),
          pack: fakePack(),
          seed: 4,
          exhaustiveFaults: 0,
          budgetMs: longMs,
        })
      ).found?.broken?.smallest
    const found = await find()
    expect(found).toBeDefined()
    expect(await find()).toEqual(found)
  })

  test('ends at what gives no verdict, and says why', async () => {
    const dead = shop({
      start() {
        throw new Error('no database')
      },
    })
    const { schedules, found } = await explore({ subject: dead, pack: fakePack(), budgetMs: longMs })
    expect(schedules).toBe(1)
    expect(found?.startFailure?.message).toContain('no database')
  })

  test('ends when it is told to', async () => {
    const controller = new AbortController()
    const explored = await explore({
      subject: shop(),
      pack: fakePack(),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(explored).toEqual({ schedules: 25, exhaustedFaults: 0 })
  })
})
