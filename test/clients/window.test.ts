import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countWindow, timeWindow } from '../../src/clients/window.ts'

test('a window of counts holds what the last calls say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.boolean(), { maxLength: 40 }), (size, calls) => {
      const window = countWindow(size)
      for (const failed of calls) window.add(failed, 0)

      const last = calls.slice(-size)
      expect([window.calls(0), window.failures(0)]).toEqual([last.length, last.filter(Boolean).length])
    }),
  )
})

test('a window of time holds what the last buckets say', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 700 }), failed: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const window = timeWindow(1_000, 10)
      const seen: { bucket: number; failed: boolean }[] = []
      let nowMs = 0
      for (const { afterMs, failed } of steps) {
        nowMs += afterMs
        window.add(failed, nowMs)
        seen.push({ bucket: Math.floor(nowMs / 100), failed })
      }

      const recent = seen.filter(({ bucket }) => bucket > Math.floor(nowMs / 100) - 10)
      expect([window.calls(nowMs), window.failures(nowMs)]).toEqual([
        recent.length,
        recent.filter(({ failed }) => failed).length,
      ])
    }),
  )
})
