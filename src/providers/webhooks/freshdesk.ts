import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Freshdesk: none (custom header or Basic). */
export const freshdesk: WebhookProvider = {
  name: 'freshdesk',
  title: 'Freshdesk',
  webhooks: {
    scheme: {
      id: 'freshdesk',
      title: 'none (custom header or Basic)',
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
      event: { unchecked: true },
      confidence: 'uncertain',
      verifiedAgainst: 'secondary: trigger.dev research notes',
      sources: ['github triggerdotdev/trigger.dev webhook-sources research notes'],
    },
    delivery: unknownDelivery,
  },
}
