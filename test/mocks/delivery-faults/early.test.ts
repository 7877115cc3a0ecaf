import { expect, test } from 'vitest'
import { deliveryFaultLaws, made } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'early' })

test('an early delivery is marked for before the answer', () => {
  expect(made({ kind: 'early' })).toMatchObject([{ early: true, genuine: true }])
})
