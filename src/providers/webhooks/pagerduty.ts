import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** PagerDuty: X-PagerDuty-Signature v1. */
export const pagerduty: WebhookProvider = {
  name: 'pagerduty',
  title: 'PagerDuty',
  webhooks: {
    scheme: {
      id: 'pagerduty',
      title: 'X-PagerDuty-Signature v1',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-PagerDuty-Signature' },
        syntax: 'list',
        encoding: 'hex',
        prefix: 'v1=',
        itemSeparator: ',',
        trim: true,
        match: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      deliveryId: { in: 'header', name: 'X-Webhook-Id' },
      rotation: 'comma-separated list of v1= digests during rotation; any match counts',
      event: { id: '/event/id', type: '/event/event_type', time: '/event/occurred_at' },
      confidence: 'documented',
      verifiedAgainst: 'PagerDuty developer docs (04-Signatures, 02-Behavior)',
      sources: ['github PagerDuty/developer-docs docs/webhooks (9422439)'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 5 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 4 * hourMs, withinMs: 2 * dayMs }),
      windowMs: 2 * dayMs,
      stop: { statuses: '4xx', except: [429] },
      disable: { events: 3, forMs: dayMs },
      order: 'per-key',
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: [
        'periodic for 48 hours, without figures',
        'in order per subscription and resource',
        'at least once: X-Webhook-Id stays the same',
      ],
    },
  },
}
