import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** LINE: x-line-signature. */
export const line: WebhookProvider = {
  name: 'line',
  title: 'LINE',
  webhooks: {
    scheme: {
      id: 'line',
      title: 'x-line-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-line-signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/events/*/webhookEventId', type: '/events/*/type', time: '/events/*/timestamp', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@line/bot-sdk 11.2.0 validateSignature',
      sources: ['npm @line/bot-sdk 11.2.0'],
    },
    delivery: unknownDelivery,
  },
}
