import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Chargebee: HTTP Basic. */
export const chargebee: WebhookProvider = {
  name: 'chargebee',
  title: 'Chargebee',
  webhooks: {
    scheme: {
      id: 'chargebee',
      title: 'HTTP Basic',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'basic',
        carrier: { in: 'header', name: 'Authorization' },
        syntax: 'bare',
        encoding: 'base64',
        prefix: 'Basic ',
      },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'basic', form: 'user-and-password' },
      timestamp: null,
      event: { id: '/id', type: '/event_type', time: '/occurred_at', unchecked: true, version: '/api_version' },
      confidence: 'verified',
      verifiedAgainst: 'chargebee 3.33.0 basicAuthValidator',
      sources: ['npm chargebee 3.33.0 resources/webhook/auth.js'],
      notes: ['password may contain colons; text is UTF-8; the SDK compares the scheme word exactly'],
    },
    delivery: unknownDelivery,
  },
}
