import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryFaultLaws, dueAtMs, made, pendingDelivery } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'burst' })

test('sends all of the same span at its end, and nothing before it is due', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(200_000), fc.nat(200_000), (everyMs, one, other) => {
      const due = (afterMs: number) =>
        made({ kind: 'burst', everyMs }, pendingDelivery({ dueAtMs: dueAtMs + afterMs }))[0]?.dueAtMs ?? 0
      const span = (afterMs: number) => Math.floor((dueAtMs + afterMs) / everyMs)

      expect(due(one)).toBeGreaterThan(dueAtMs + one)
      expect(due(one)).toBeLessThanOrEqual(dueAtMs + one + everyMs)
      expect(due(one) === due(other)).toBe(span(one) === span(other))
    }),
  )
})
