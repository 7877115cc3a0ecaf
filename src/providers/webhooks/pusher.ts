import { doublingPauses, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Pusher Channels: X-Pusher-Signature. */
export const pusher: WebhookProvider = {
  name: 'pusher',
  title: 'Pusher Channels',
  webhooks: {
    scheme: {
      id: 'pusher',
      title: 'X-Pusher-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Pusher-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', id: 'optional', idFrom: { in: 'header', name: 'X-Pusher-Key' } },
      timestamp: null,
      rotation: 'header X-Pusher-Key names the key pair; several may be configured',
      event: { type: '/events/*/name', time: '/time_ms' },
      confidence: 'verified',
      verifiedAgainst: 'pusher 5.3.4 webhook().isValid',
      sources: ['npm pusher 5.3.4 lib/webhook.js', 'docs.bird.com Channels webhook timeouts and retries'],
      notes: ['SDK insists that Content-Type is exactly application/json'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 4 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: secondMs, withinMs: 5 * minuteMs }),
      windowMs: 5 * minuteMs,
      basis: 'documented',
      assumed: ['retryAfterMs'],
    },
  },
}
