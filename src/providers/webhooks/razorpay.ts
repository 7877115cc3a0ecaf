import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Razorpay: X-Razorpay-Signature. */
export const razorpay: WebhookProvider = {
  name: 'razorpay',
  title: 'Razorpay',
  webhooks: {
    scheme: {
      id: 'razorpay',
      title: 'X-Razorpay-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Razorpay-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: 'header:x-razorpay-event-id', type: '/event', time: '/created_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'razorpay 2.9.8 validateWebhookSignature',
      sources: [
        'npm razorpay 2.9.8 utils/razorpay-utils.js',
        'razorpay.com/docs/webhooks best-practices, replay-events',
      ],
      notes: ['payment checkout callbacks use another signed string: order_id|payment_id'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 5 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 4 * hourMs, withinMs: dayMs }),
      windowMs: dayMs,
      disable: { events: 1 },
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: [
        'disabled after 24 hours of failure; events can be sent again by hand for 7 days',
        'at least once: dedupe on x-razorpay-event-id',
      ],
    },
  },
}
