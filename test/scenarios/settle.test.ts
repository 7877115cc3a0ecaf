import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { settling } from '../../src/scenarios/settle.ts'

const limits = { limitMs: 360_000_000, quietMs: 900_000 }

describe('settling', () => {
  test('takes no time when nothing is left to do', async () => {
    const clock = virtualClock()
    await clock.advanceEach(settling(clock, { ...limits, busy: () => false, working: () => false, seen: () => 0 }))
    expect(clock.monotonic()).toBe(0)
  })

  test('waits for work that is three days away', async () => {
    const clock = virtualClock()
    let left = 1
    clock.after(259_200_000, () => left--)
    await clock.advanceEach(
      settling(clock, { ...limits, busy: () => left > 0, working: () => left > 0, seen: () => 0 }),
    )
    expect(left).toBe(0)
    expect(clock.monotonic()).toBeLessThan(270_000_000)
  })

  test('does not wait for a poll that finds nothing', async () => {
    const clock = virtualClock()
    const poll = () => void clock.after(1_000, poll)
    poll()
    await clock.advanceEach(settling(clock, { ...limits, busy: () => true, working: () => false, seen: () => 0 }))
    expect(clock.monotonic()).toBeGreaterThanOrEqual(900_000)
    expect(clock.monotonic()).toBeLessThan(3_600_000)
  })

  test('waits for those who were asked to wait longer', async () => {
    const clock = virtualClock()
    let left = 1
    clock.after(7_200_000, () => left--)
    const askedMs = () => 7_200_000
    await clock.advanceEach(
      settling(clock, { ...limits, askedMs, busy: () => left > 0, working: () => false, seen: () => 0 }),
    )
    expect(left).toBe(0)
  })

  test('waits on while a poll finds something', async () => {
    const clock = virtualClock()
    let found = 0
    const poll = () => void clock.after(600_000, () => (++found < 12 ? poll() : undefined))
    poll()
    await clock.advanceEach(
      settling(clock, { ...limits, busy: () => found < 12, working: () => false, seen: () => found }),
    )
    expect(found).toBe(12)
  })

  test('gives up at its limit', async () => {
    const clock = virtualClock()
    await clock.advanceEach(
      settling(clock, { limitMs: 5_000, quietMs: 900_000, busy: () => true, working: () => true, seen: () => 0 }),
    )
    expect(clock.monotonic()).toBe(5_000)
  })
})
