import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** GoCardless: Webhook-Signature. */
export const gocardless: WebhookProvider = {
  name: 'gocardless',
  title: 'GoCardless',
  webhooks: {
    scheme: {
      id: 'gocardless',
      title: 'Webhook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Webhook-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: '/events/*/id', type: '/events/*/action', time: '/events/*/created_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'gocardless-nodejs 10.1.2 webhooks.verifySignature',
      sources: ['npm gocardless-nodejs 10.1.2 webhooks.js'],
      notes: ['batch: one signature over a body with many events', 'SDK compares decoded bytes'],
    },
    delivery: unknownDelivery,
  },
}
