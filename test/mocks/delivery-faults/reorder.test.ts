import { expect, test } from 'vitest'
import { deliveryFaultLaws, made } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'reorder' })

test('a reordered delivery is marked for after the next event', () => {
  expect(made({ kind: 'reorder' })).toMatchObject([{ behindNext: true, genuine: true }])
})
