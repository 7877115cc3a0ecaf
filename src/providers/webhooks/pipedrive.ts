import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Pipedrive: HTTP Basic. */
export const pipedrive: WebhookProvider = {
  name: 'pipedrive',
  title: 'Pipedrive',
  webhooks: {
    scheme: {
      id: 'pipedrive',
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
      event: { id: '/meta/id', type: '/meta/action + /meta/entity', time: '/meta/timestamp', unchecked: true },
      confidence: 'uncertain',
      verifiedAgainst: 'secondary: trigger.dev research notes',
      sources: ['github triggerdotdev/trigger.dev webhook-sources research notes'],
    },
    delivery: unknownDelivery,
  },
}
