import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Lemon Squeezy: X-Signature. */
export const lemonsqueezy: WebhookProvider = {
  name: 'lemonsqueezy',
  title: 'Lemon Squeezy',
  webhooks: {
    scheme: {
      id: 'lemonsqueezy',
      title: 'X-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { type: 'header:X-Event-Name' },
      confidence: 'documented',
      verifiedAgainst: 'Lemon Squeezy docs (signing requests, webhook requests)',
      sources: ['docs.lemonsqueezy.com/help/webhooks/webhook-requests'],
      notes: ['no event id is sent; a content hash is the only dedupe key'],
    },
    delivery: {
      success: [200],
      timeoutMs: 10 * secondMs,
      retryAfterMs: [5 * secondMs, 25 * secondMs, 125 * secondMs],
      windowMs: 3 * minuteMs,
      basis: 'documented',
      assumed: ['timeoutMs'],
    },
  },
}
