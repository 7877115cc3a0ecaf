import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Segment: X-Signature (SHA-1). */
export const segment: WebhookProvider = {
  name: 'segment',
  title: 'Segment',
  webhooks: {
    scheme: {
      id: 'segment',
      title: 'X-Signature (SHA-1)',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/messageId', type: '/type', time: '/timestamp', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'Segment docs, webhooks and actions-webhook destinations',
      sources: ['github segmentio/segment-docs (747b35d)'],
      notes: ['batched delivery: only the first array element is signed, as JSON.stringify of that element'],
    },
    delivery: unknownDelivery,
  },
}
