import { doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
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
    delivery: {
      success: '2xx',
      timeoutMs: 5 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: hourMs, withinMs: 4 * hourMs }),
      windowMs: 4 * hourMs,
      stop: { statuses: ['3xx', '4xx'] },
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: ['timeouts and 5xx are repeated for 4 hours'],
    },
  },
}
