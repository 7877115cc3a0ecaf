import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Datadog: custom header only. */
export const datadog: WebhookProvider = {
  name: 'datadog',
  title: 'Datadog',
  webhooks: {
    scheme: {
      id: 'datadog',
      title: 'custom header only',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'header', name: '{config:header_name}' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      event: { unchecked: true },
      confidence: 'uncertain',
      verifiedAgainst: 'secondary: trigger.dev research notes',
      sources: ['github triggerdotdev/trigger.dev webhook-sources research notes'],
      notes: ['payload template and headers are configured by the user; no signature'],
    },
    delivery: unknownDelivery,
  },
}
