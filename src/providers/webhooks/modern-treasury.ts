import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Modern Treasury: X-Signature. */
export const modernTreasury: WebhookProvider = {
  name: 'modern-treasury',
  title: 'Modern Treasury',
  webhooks: {
    scheme: {
      id: 'modern-treasury',
      title: 'X-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'modern-treasury 3.3.0 webhooks.validateSignature',
      sources: ['npm modern-treasury 3.3.0 resources/webhooks'],
    },
    delivery: unknownDelivery,
  },
}
