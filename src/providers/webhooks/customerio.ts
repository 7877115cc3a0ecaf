import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Customer.io: X-CIO-Signature. */
export const customerio: WebhookProvider = {
  name: 'customerio',
  title: 'Customer.io',
  webhooks: {
    scheme: {
      id: 'customerio',
      title: 'X-CIO-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-CIO-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: 'v0:{ts}:{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'X-CIO-Timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      rotation: 'none',
      event: { id: '/event_id', type: '/metric + /object_type', time: '/timestamp', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'Customer.io docs "Reporting webhooks"',
      sources: ['customer.io/docs/api/webhooks'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 4 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 12 * hourMs, withinMs: 7 * dayMs }),
      windowMs: 7 * dayMs,
      order: 'per-target',
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: ['exponential for 7 days; after some statuses the first pause is an hour'],
    },
  },
}
