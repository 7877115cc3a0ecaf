import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Asana: X-Hook-Signature. */
export const asana: WebhookProvider = {
  name: 'asana',
  title: 'Asana',
  webhooks: {
    scheme: {
      id: 'asana',
      title: 'X-Hook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Hook-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'X-Hook-Secret from the handshake' },
      timestamp: null,
      rotation: 'none',
      event: { type: '/events/*/action + /events/*/resource/resource_type', time: '/events/*/created_at' },
      confidence: 'documented',
      verifiedAgainst: 'Asana developer docs',
      sources: ['github Asana/developer-docs source/includes/markdown/_webhooks.html.md'],
      notes: ['encoding (hex) from general knowledge of the official sample'],
    },
    delivery: unknownDelivery,
  },
}
