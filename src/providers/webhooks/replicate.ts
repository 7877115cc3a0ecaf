import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Replicate: webhook-id / webhook-timestamp / webhook-signature. */
export const replicate: WebhookProvider = {
  name: 'replicate',
  title: 'Replicate',
  webhooks: {
    scheme: {
      id: 'replicate',
      title: 'webhook-id / webhook-timestamp / webhook-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'webhook-signature' },
        syntax: 'list',
        encoding: 'base64',
        prefix: 'v1,',
        itemSeparator: ' ',
        match: 'any',
      },
      signedContent: '{id}.{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'base64', prefix: 'whsec_', prefixIsPartOfKey: false },
      timestamp: {
        carrier: { in: 'header', name: 'webhook-timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      messageId: { in: 'header', name: 'webhook-id' },
      rotation: 'space-separated list; entries with an unknown version are skipped; any v1 match counts',
      event: { id: 'header:webhook-id', type: '/type', time: '/timestamp' },
      confidence: 'verified',
      verifiedAgainst: 'replicate 1.4.0 validateWebhook',
      sources: ['npm replicate 1.4.0 lib/util.js'],
      notes: ['SDK ignores the version label and does no freshness check'],
    },
    delivery: unknownDelivery,
  },
}
