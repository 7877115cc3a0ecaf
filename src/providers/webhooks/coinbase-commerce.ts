import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Coinbase Commerce: X-CC-Webhook-Signature. */
export const coinbaseCommerce: WebhookProvider = {
  name: 'coinbase-commerce',
  title: 'Coinbase Commerce',
  webhooks: {
    scheme: {
      id: 'coinbase-commerce',
      title: 'X-CC-Webhook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-CC-Webhook-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: '/event/id', type: '/event/type', time: '/event/created_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'coinbase-commerce-node 1.0.4 Webhook.verifySigHeader',
      sources: ['npm coinbase-commerce-node 1.0.4 lib/Webhook.js'],
    },
    delivery: unknownDelivery,
  },
}
