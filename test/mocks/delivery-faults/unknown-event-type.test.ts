import { expect, test } from 'vitest'
import { deliveryFaultLaws, made, pendingDelivery, textOfBody } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'unknown-event-type' })

test('comes ahead of the delivery, which it leaves alone, and is signed by the provider', () => {
  const [novelty, delivery] = made({ kind: 'unknown-event-type' }, pendingDelivery({ lost: true, behindNext: true }))

  expect(delivery).toEqual(pendingDelivery({ lost: true, behindNext: true }))
  expect(novelty).toMatchObject({ id: 'whd_1.1-unknown', genuine: true, lost: false, behindNext: false })
  expect(novelty?.sealed).toBeUndefined()
})

test('is another event about the same thing', () => {
  const [novelty] = made({ kind: 'unknown-event-type' })
  const [theirs, ours] = [novelty, pendingDelivery()].map((each) => JSON.parse(textOfBody(each)) as { id: string })

  expect(theirs?.id).toMatch(/^evt_[A-Za-z0-9]{14}$/)
  expect(theirs?.id).not.toBe(ours?.id)
  expect(theirs).toEqual({ ...ours, id: novelty?.event, type: 'payment_intent.novelty' })
})

test.each([
  ['orders/create', 'orders/novelty'],
  ['repo:push', 'repo:novelty'],
  ['push', 'push_novelty'],
])('beside %s is called %s', (type, novelty) => {
  expect(made({ kind: 'unknown-event-type' }, pendingDelivery({ type }))[0]?.type).toBe(novelty)
})

test('is called what the plan says', () => {
  expect(made({ kind: 'unknown-event-type', type: 'a.b' })[0]?.type).toBe('a.b')
})
