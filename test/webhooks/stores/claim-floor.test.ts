import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../../src/core/virtual-clock.ts'
import { claimFloor } from '../../../src/webhooks/stores/claim-floor.ts'

describe('where a claim begins to read', () => {
  test('is at the beginning of time until something was seen', () => {
    expect(claimFloor(virtualClock()).fromMs()).toBe(0)
  })

  test('is five seconds before the oldest that the last one saw', async () => {
    const floor = claimFloor(virtualClock())
    floor.fromMs()
    floor.saw(1_000_000)
    expect(floor.fromMs()).toBe(995_000)
    floor.saw(1_000)
    expect(floor.fromMs()).toBe(0)
  })

  test('is at the beginning of time again every ten seconds', async () => {
    const clock = virtualClock()
    const floor = claimFloor(clock)
    const from: number[] = []
    for (let second = 0; second < 25; second++) {
      from.push(floor.fromMs())
      floor.saw(1_000_000)
      await clock.advance(1_000)
    }
    expect(from.flatMap((ms, second) => (ms === 0 ? [second] : []))).toEqual([0, 10, 20])
  })
})
