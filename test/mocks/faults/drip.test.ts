import { describe, expect, test } from 'vitest'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, answerText, endOf, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'drip', bytesPerSecond: 100 }, { effects: 1 })

describe('drip', () => {
  test.each([
    [100, 270],
    [1, 27_000],
    [0.5, 54_000],
    [1_000_000, 0.027],
  ])('at %d bytes a second 27 bytes take %d ms, and the headers none', async (bytesPerSecond, bodyMs) => {
    const world = faultWorld(always({ kind: 'drip', bytesPerSecond }))

    const response = await world.clock.run(() => world.mock(post()))
    expect(world.clock.monotonic()).toBe(5)
    expect(response.headers.get('content-length')).toBe('27')
    const text = await world.clock.run(() => response.text())

    expect(text).toBe(answerText)
    expect(world.clock.monotonic() - 5).toBeCloseTo(bodyMs, 6)
  })

  test('stops when nobody listens any more', async () => {
    const world = faultWorld(always({ kind: 'drip', bytesPerSecond: 1 }))
    const response = await world.clock.run(() => world.mock(post()))
    const reader = response.body?.getReader()
    await world.clock.run(async () => reader?.read())
    void reader?.read()

    await reader?.cancel()

    expect(world.clock.pending).toBe(0)
  })

  test('ends whole', async () => {
    const world = faultWorld(always({ kind: 'drip', bytesPerSecond: 30 }))

    expect(await world.clock.run(() => endOf(world.mock(post())))).toBe(`200 ${answerText}`)
  })
})
