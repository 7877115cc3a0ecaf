import { expect, test } from 'vitest'
import { webhookProviderOf } from '../../src/providers/webhook-catalogue.ts'
import { plainSettings, settingsOf } from '../../src/webhooks/scheme-settings.ts'

const url = 'https://shop.test/hooks'
const plainOf = (id: string) => plainSettings(webhookProviderOf(id).webhooks.scheme, url)

test.each([
  ['github', {}],
  ['square', { notification_url: url }],
  ['trello', { callback_url: url }],
  ['paypal', { webhook_id: 'goodfence-webhook-id' }],
  ['azure-event-grid', { query_name: 'token' }],
  ['datadog', { header_name: 'X-Webhook-Token' }],
  ['apple-app-store-v2', { bundle_id: 'com.example.fences', environment: 'Sandbox' }],
])('where nobody said others, %s has the settings %j', (id, settings) => {
  expect(plainOf(id)).toEqual(settings)
  expect(settingsOf(webhookProviderOf(id).webhooks.scheme).toSorted()).toEqual(Object.keys(settings).toSorted())
})

test('an account that may choose its algorithm has chosen one that there is', () => {
  const { scheme } = webhookProviderOf('vonage-sms').webhooks
  const { setting = '', of = {} } = scheme.signature.algorithms ?? {}

  expect(Object.keys(of)).toContain(plainOf('vonage-sms')[setting])
})
