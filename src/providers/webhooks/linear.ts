import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Linear: Linear-Signature. */
export const linear: WebhookProvider = {
  name: 'linear',
  title: 'Linear',
  webhooks: {
    scheme: {
      id: 'linear',
      title: 'Linear-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Linear-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'json', name: '/webhookTimestamp' },
        unit: 'ms',
        tolerancePastMs: 60_000,
        toleranceFutureMs: 60_000,
        toleranceBasis: 'sdk',
        signed: true,
        jsonType: 'number',
      },
      rotation: 'none',
      event: { id: 'header:Linear-Delivery', type: 'header:Linear-Event', time: '/createdAt' },
      confidence: 'verified',
      verifiedAgainst: '@linear/sdk 98.0.0 LinearWebhookClient.verify',
      sources: ['npm @linear/sdk 98.0.0 webhooks'],
      notes: [
        'only the signed webhookTimestamp (a JSON number) is trusted; the Linear-Timestamp header is ignored',
        'SDK handler refuses bodies over 5 MiB',
      ],
    },
    delivery: {
      ...unknownDelivery,
      success: [200],
      basis: 'secondary',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['duplicates are possible'],
    },
  },
}
