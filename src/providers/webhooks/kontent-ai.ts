import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Kontent.ai: X-Kontent-ai-Signature. */
export const kontentAi: WebhookProvider = {
  name: 'kontent-ai',
  title: 'Kontent.ai',
  webhooks: {
    scheme: {
      id: 'kontent-ai',
      title: 'X-Kontent-ai-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Kontent-ai-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@kontent-ai/webhook-helper 3.0.3',
      sources: ['npm @kontent-ai/webhook-helper 3.0.3'],
      notes: ['helper offers CRLF normalisation because line ends get lost on the way'],
    },
    delivery: unknownDelivery,
  },
}
