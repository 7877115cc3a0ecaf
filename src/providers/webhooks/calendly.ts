import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Calendly: Calendly-Webhook-Signature. */
export const calendly: WebhookProvider = {
  name: 'calendly',
  title: 'Calendly',
  webhooks: {
    scheme: {
      id: 'calendly',
      title: 'Calendly-Webhook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Calendly-Webhook-Signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'v1',
        timestampField: 't',
      },
      signedContent: '{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 't' },
        unit: 's',
        tolerancePastMs: 180_000,
        toleranceFutureMs: null,
        toleranceBasis: 'secondary',
        signed: true,
      },
      rotation: 'none',
      event: { type: '/event', time: '/created_at' },
      confidence: 'documented',
      verifiedAgainst: 'Calendly developer docs "Webhook signatures", "Webhook timeouts"',
      sources: ['developer.calendly.com webhooks', 'developer.calendly.com webhook-errors'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 15 * secondMs,
      connectTimeoutMs: 10 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 4 * hourMs, withinMs: dayMs }),
      windowMs: dayMs,
      disable: { events: 1 },
      basis: 'documented',
      assumed: ['retryAfterMs'],
    },
  },
}
