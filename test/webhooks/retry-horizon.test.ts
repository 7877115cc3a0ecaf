import { describe, expect, test } from 'vitest'
import { unknownDelivery } from '../../src/providers/delivery-facts.ts'
import { webhookProviderOf } from '../../src/providers/webhook-catalogue.ts'
import { refusalsUntilDisabled, retryHorizon } from '../../src/webhooks/retry-horizon.ts'

describe('retryHorizon', () => {
  test.each([
    [[], 'none'],
    [[3_599_999], 'minutes'],
    [[1_800_000, 1_800_000], 'hours'],
    [[86_399_999], 'hours'],
    [[43_200_000, 43_200_000], 'days'],
  ])('of pauses %j is %s', (retryAfterMs, horizon) => {
    expect(retryHorizon({ ...unknownDelivery, retryAfterMs })).toBe(horizon)
  })

  test.each([
    ['stripe', 'days'],
    ['github', 'none'],
    ['shopify', 'hours'],
    ['slack', 'minutes'],
  ])('of %s is %s', (id, horizon) => {
    expect(retryHorizon(webhookProviderOf(id).webhooks.delivery)).toBe(horizon)
  })
})

describe('refusalsUntilDisabled', () => {
  test.each([
    ['woocommerce', 6],
    ['pagerduty', 57], // three events, each refused nineteen times
    ['stripe', undefined],
  ])('of %s is %s', (id, refusals) => {
    expect(refusalsUntilDisabled(webhookProviderOf(id).webhooks.delivery)).toBe(refusals)
  })
})
