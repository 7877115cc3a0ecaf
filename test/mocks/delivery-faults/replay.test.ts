import { expect, test } from 'vitest'
import {
  deliveryFaultLaws,
  dueAtMs,
  made,
  pendingDelivery,
  readableSignature,
} from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'replay' })

test.each([
  [undefined, 3_600_000],
  [500, 500],
])('after %s ms the very same headers and bytes come again, and not from the provider', (afterMs, expectedMs) => {
  const [original, again] = made({ kind: 'replay', ...(afterMs === undefined ? {} : { afterMs }) })

  expect(original).toMatchObject({ id: 'whd_1.1', dueAtMs, genuine: true, sealed: true })
  expect(again).toMatchObject({ id: 'whd_1.1-replay', dueAtMs: dueAtMs + expectedMs, genuine: false, sealed: true })
  expect(again?.headers['signature']).toBe(readableSignature(pendingDelivery()))
  expect(again?.headers).toBe(original?.headers)
  expect(again?.body).toBe(original?.body)
})

test('what was lost is what an attacker kept back: the replay arrives', () => {
  const [original, again] = made({ kind: 'replay' }, pendingDelivery({ lost: true, behindNext: true }))

  expect(original).toMatchObject({ lost: true, behindNext: true })
  expect(again).toMatchObject({ lost: false, behindNext: false })
})
