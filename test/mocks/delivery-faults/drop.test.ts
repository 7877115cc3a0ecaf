import { expect, test } from 'vitest'
import { deliveryFaultLaws, made } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'drop' })

test('a dropped delivery is lost, not forgotten: its attempt still counts', () => {
  expect(made({ kind: 'drop' })).toMatchObject([{ id: 'whd_1.1', lost: true }])
})
