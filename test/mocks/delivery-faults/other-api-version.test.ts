import { expect, test } from 'vitest'
import { deliveryFaultLaws, made, pendingDelivery, textOfBody } from '../../suites/delivery-fault-laws.ts'

deliveryFaultLaws({ kind: 'other-api-version' })

test('says its version and has members that nobody knows, at the top and in what it is about', () => {
  const [sent] = made({ kind: 'other-api-version', version: 'v9' })
  const novelty = { since: 'another version' }
  const before = JSON.parse(textOfBody(pendingDelivery())) as { data: { object: object } }

  expect(sent).toMatchObject({ id: 'whd_1.1', genuine: true })
  expect(JSON.parse(textOfBody(sent))).toEqual({
    ...before,
    api_version: 'v9',
    novelty,
    data: { object: { ...before.data.object, novelty } },
  })
})

test.each(['{"api_version":"v1"}', '{"data":[1],"api_version":"v1"}', '{"data":{"object":null},"api_version":"v1"}'])(
  'of %s changes no more than that',
  (text) => {
    const [sent] = made({ kind: 'other-api-version' }, pendingDelivery({ body: new TextEncoder().encode(text) }))
    const { novelty, ...rest } = JSON.parse(textOfBody(sent)) as Record<string, unknown>

    expect(rest).toEqual({ ...(JSON.parse(text) as object), api_version: '2099-01-01' })
    expect(novelty).toBeDefined()
  },
)

test.each(['[]', 'a=b', ''])('leaves the body %j as it is', (text) => {
  const [sent] = made({ kind: 'other-api-version' }, pendingDelivery({ body: new TextEncoder().encode(text) }))

  expect(textOfBody(sent)).toBe(text)
})
