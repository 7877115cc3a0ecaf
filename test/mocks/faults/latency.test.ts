import { describe, expect, test } from 'vitest'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, endOf, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'latency', delayMs: 200, jitterMs: 50 }, { effects: 1 })
faultLaws({ kind: 'latency', delayMs: 200, at: 'during' }, { effects: 1 })
faultLaws({ kind: 'latency', delayMs: 200, at: 'after' }, { effects: 1 })

describe('latency', () => {
  test.each(['before', 'during'] as const)('%s holds back the effect', async (at) => {
    const world = faultWorld(always({ kind: 'latency', delayMs: 200, at }))

    await world.clock.run(async () => {
      const answer = endOf(world.mock(post()))
      await world.clock.sleep(199)
      expect(world.effects.count).toBe(0)
      expect(await answer).toBe('200 {"id":"pi_1","amount":1200}')
    })

    expect(world.clock.monotonic()).toBe(205)
  })

  test('after holds back the answer alone', async () => {
    const world = faultWorld(always({ kind: 'latency', delayMs: 200, at: 'after' }))

    await world.clock.run(async () => {
      const answer = world.mock(post())
      await world.clock.sleep(6)
      expect(world.effects.count).toBe(1)
      await answer
    })

    expect(world.clock.monotonic()).toBe(205)
  })

  test('spreads its delay around the middle and never answers before it is asked', async () => {
    const delays: number[] = []
    const world = faultWorld(always({ kind: 'latency', delayMs: 20, jitterMs: 100 }))

    for (let call = 0; call < 200; call++) {
      const before = world.clock.monotonic()
      await world.clock.run(() => world.mock(post()))
      delays.push(world.clock.monotonic() - before - 5)
    }

    expect(Math.min(...delays)).toBeCloseTo(0, 6)
    expect(Math.max(...delays)).toBeGreaterThan(100)
    expect(Math.max(...delays)).toBeLessThanOrEqual(120)
  })
})
