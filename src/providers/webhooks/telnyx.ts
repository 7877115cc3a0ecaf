import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Telnyx: telnyx-signature-ed25519. */
export const telnyx: WebhookProvider = {
  name: 'telnyx',
  title: 'Telnyx',
  webhooks: {
    scheme: {
      id: 'telnyx',
      title: 'telnyx-signature-ed25519',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'ed25519',
        carrier: { in: 'header', name: 'telnyx-signature-ed25519' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{ts}|{body}',
      bodyForm: 'raw',
      key: { role: 'public-key', form: 'raw-base64' },
      timestamp: {
        carrier: { in: 'header', name: 'telnyx-timestamp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'none',
      event: { id: '/data/id', type: '/data/event_type', time: '/data/occurred_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'telnyx 7.24.0 TelnyxWebhook.verify',
      sources: ['npm telnyx 7.24.0 lib/webhooks.js', 'developers.telnyx.com receiving webhooks'],
      notes: ['timestamp must be digits only'],
    },
    delivery: {
      ...unknownDelivery,
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['the primary address, then the failover address', 'duplicates are possible, even at the same moment'],
    },
  },
}
