import { expect, test } from 'vitest'
import { deliveryFaultLaws, made, pendingDelivery } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'duplicate' })

test.each([
  [undefined, ['whd_1.1', 'whd_1.1-copy2']],
  [3, ['whd_1.1', 'whd_1.1-copy2', 'whd_1.1-copy3']],
])('with %s copies so many arrive in all, alike but for their ids', (copies, ids) => {
  const sent = made({ kind: 'duplicate', ...(copies === undefined ? {} : { copies }) })

  expect(sent.map(({ id }) => id)).toEqual(ids)
  for (const { id: _id, note: _note, ...rest } of sent) expect({ ...rest, id: 'whd_1.1' }).toEqual(pendingDelivery())
})
