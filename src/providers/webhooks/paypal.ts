import { dayMs, doublingPauses, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** PayPal: transmission signature. */
export const paypal: WebhookProvider = {
  name: 'paypal',
  title: 'PayPal',
  webhooks: {
    scheme: {
      id: 'paypal',
      title: 'transmission signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'rsa',
        hash: 'sha256',
        carrier: { in: 'header', name: 'PAYPAL-TRANSMISSION-SIG' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent:
        '{header:PAYPAL-TRANSMISSION-ID}|{header:PAYPAL-TRANSMISSION-TIME}|{config:webhook_id}|{crc32_decimal:body}',
      bodyForm: 'raw',
      key: {
        role: 'certificate',
        form: 'x509-url',
        urlFrom: { in: 'header', name: 'PAYPAL-CERT-URL' },
        urlMust: { host: '([a-z0-9-]+\\.)+paypal\\.com' },
      },
      timestamp: {
        carrier: { in: 'header', name: 'PAYPAL-TRANSMISSION-TIME' },
        unit: 'iso8601',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      fixedHeaders: { 'PAYPAL-AUTH-ALGO': 'SHA256withRSA' },
      event: { id: '/id', type: '/event_type', time: '/create_time', version: '/event_version' },
      confidence: 'documented',
      verifiedAgainst: 'PayPal docs "Integrate webhooks" (self verification); judged with WebCrypto and X.509',
      sources: ['developer.paypal.com/api/rest/webhooks/rest', 'docs.paypal.ai verify-webhook-signature reference'],
      notes: [
        'CRC-32 of the raw body as an unsigned decimal number',
        'webhook_id is the id of the subscription, not of the event; simulator events use the literal WEBHOOK_ID',
        'alternative: post the parts to the verify-webhook-signature API',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 10 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 234 * minuteMs, withinMs: 3 * dayMs, times: 25 }),
      windowMs: 3 * dayMs,
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['25 retries in three days; how they are spread is not said'],
    },
  },
}
