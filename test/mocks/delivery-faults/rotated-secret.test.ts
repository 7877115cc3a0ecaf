import { expect, test } from 'vitest'
import { deliveryFaultLaws, made, pendingDelivery } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'rotated-secret' })

test('is signed with a new secret first and then with the one that the receiver has', () => {
  const [sent] = made({ kind: 'rotated-secret' })

  expect(sent).toMatchObject({ id: 'whd_1.1', sealed: true, genuine: true })
  expect(sent?.headers['signature']).toMatch(/^whsec_\w{32}\+own /)
})

test('goes on with the old secret where a delivery carries one signature', () => {
  const [sent] = made({ kind: 'rotated-secret' }, pendingDelivery(), { carriesSeveral: false })

  expect(sent).toEqual({ ...pendingDelivery(), note: 'a new secret does not sign yet' })
})
