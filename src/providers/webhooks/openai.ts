import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** OpenAI: webhook-id / webhook-timestamp / webhook-signature. */
export const openai: WebhookProvider = {
  name: 'openai',
  title: 'OpenAI',
  webhooks: {
    scheme: {
      id: 'openai',
      title: 'webhook-id / webhook-timestamp / webhook-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'webhook-signature' },
        syntax: 'list',
        encoding: 'base64',
        prefix: 'v1,',
        prefixOptional: true,
        itemSeparator: ' ',
        match: 'any',
      },
      signedContent: '{id}.{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'base64-if-prefixed', prefix: 'whsec_', prefixIsPartOfKey: false },
      timestamp: {
        carrier: { in: 'header', name: 'webhook-timestamp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      messageId: { in: 'header', name: 'webhook-id' },
      rotation: 'space-separated list; entries with an unknown version are skipped; any v1 match counts',
      event: { id: 'header:webhook-id', type: '/type', time: '/timestamp' },
      confidence: 'verified',
      verifiedAgainst: 'openai 7.57.0 webhooks.verifySignature',
      sources: ['npm openai 7.57.0 lib/webhook-signature.mjs'],
      notes: [
        'a secret without whsec_ is used as UTF-8 text',
        'an entry without the v1, label is accepted as a bare signature',
        'signs the timestamp text as received',
      ],
    },
    delivery: unknownDelivery,
  },
}
