import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Polar: webhook-id / webhook-timestamp / webhook-signature. */
export const polar: WebhookProvider = {
  name: 'polar',
  title: 'Polar',
  webhooks: {
    scheme: {
      id: 'polar',
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
      key: {
        role: 'shared-secret',
        form: 'utf8-or-base64',
        prefix: 'whsec_',
        note: 'both the UTF-8 text of the secret and its decoded form are tried',
      },
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
      confidence: 'documented',
      verifiedAgainst: '@polar-sh/sdk 1.0.1 source (not run)',
      sources: ['npm @polar-sh/sdk 1.0.1 webhooks'],
    },
    delivery: unknownDelivery,
  },
}
