import { expect, test } from 'vitest'
import { deliveryFaultLaws, dueAtMs, made, pendingDelivery, textOfBody } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'same-id-other-bytes' })

test.each([
  [undefined, 1_000],
  [0, 0],
])('after %s ms the same event comes again, in other bytes that mean the same', (afterMs, expectedMs) => {
  const [original, again] = made({ kind: 'same-id-other-bytes', ...(afterMs === undefined ? {} : { afterMs }) })

  expect(original).toEqual(pendingDelivery())
  expect(again).toMatchObject({ event: original?.event, dueAtMs: dueAtMs + expectedMs, genuine: true })
  expect(again?.body).not.toEqual(original?.body)
  expect(JSON.parse(textOfBody(again))).toEqual(JSON.parse(textOfBody(original)))
})

test.each([
  ['a=1&b=2', 'a=1&b=2&redelivered=1'],
  ['<a x="1"/>', '<a x="1"/>\n'],
])('of %s makes %s', (text, expected) => {
  const body = new TextEncoder().encode(text)

  expect(textOfBody(made({ kind: 'same-id-other-bytes' }, pendingDelivery({ body }))[1])).toBe(expected)
})

test('leaves what is sealed as it is', () => {
  const sealed = pendingDelivery({ sealed: true })

  expect(made({ kind: 'same-id-other-bytes' }, sealed)[1]?.body).toEqual(sealed.body)
})
