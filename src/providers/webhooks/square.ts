import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Square: x-square-hmacsha256-signature. */
export const square: WebhookProvider = {
  name: 'square',
  title: 'Square',
  webhooks: {
    scheme: {
      id: 'square',
      title: 'x-square-hmacsha256-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-square-hmacsha256-signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{config:notification_url}{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: '/event_id', type: '/type', time: '/created_at' },
      confidence: 'verified',
      verifiedAgainst: 'square 46.0.0 WebhooksHelper.verifySignature',
      sources: ['npm square 46.0.0 wrapper/WebhooksHelper.js', 'developer.squareup.com webhooks delivery SLA, step 4'],
      notes: [
        'URL is the configured notification URL, not the URL seen behind a proxy',
        '3xx counts as failure',
        'SDK compares base64 text',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 10 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: hourMs, withinMs: dayMs }),
      windowMs: dayMs,
      disable: { failingForMs: 21 * dayMs },
      attemptHeaders: {
        number: 'square-retry-number',
        reason: { name: 'square-retry-reason', timeout: 'http_timeout', noAnswer: 'other_error', status: 'http_error' },
      },
      basis: 'documented',
      notes: [
        '1, 2, 4, 8, 16, 32 min, then hourly',
        'an older page says 72 hours',
        'duplicates are possible: dedupe on event_id',
      ],
    },
  },
}
