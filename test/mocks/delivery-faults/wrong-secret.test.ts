import { expect, test } from 'vitest'
import { deliveryFaultLaws, made, pendingDelivery } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'wrong-secret' })

test('is the genuine event with a signature that nobody can check', () => {
  const [sent, ...others] = made({ kind: 'wrong-secret' })

  expect(others).toEqual([])
  expect(sent).toMatchObject({ id: 'whd_1.1', event: pendingDelivery().event, sealed: true, genuine: false })
  expect(sent?.body).toEqual(pendingDelivery().body)
  expect(sent?.headers['signature']).toMatch(/^whsec_\w{32} /)
})
