import { expect, test } from 'vitest'
import { deliveryFaultLaws, dueAtMs, made } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'delay', delayMs: 1_000 })

test('a delay moves the due time and leaves the signing to the moment of sending', () => {
  const [late] = made({ kind: 'delay', delayMs: 1_000 })

  expect(late).toMatchObject({ dueAtMs: dueAtMs + 1_000, genuine: true, headers: {} })
  expect(late?.sealed).toBeUndefined()
})
