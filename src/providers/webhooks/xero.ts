import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Xero: x-xero-signature. */
export const xero: WebhookProvider = {
  name: 'xero',
  title: 'Xero',
  webhooks: {
    scheme: {
      id: 'xero',
      title: 'x-xero-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-xero-signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: {
        id: '/events/*/resourceId + /events/*/eventDateUtc',
        type: '/events/*/eventCategory + /events/*/eventType',
        time: '/events/*/eventDateUtc',
        unchecked: true,
      },
      handshakes: [
        {
          kind: 'acknowledge',
          request: { method: 'POST', when: [{ at: '/events', holds: 'empty-list' }, { at: '/entropy' }] },
          signed: true,
          alsoForged: true,
          answer: { status: 200 },
          answerWithinMs: 5_000,
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Xero docs "Configuring your server"',
      sources: ['developer.xero.com/documentation/webhooks/configuring-your-server'],
    },
    delivery: {
      success: [200],
      answer: { status: 200, body: '', mustContain: '' },
      timeoutMs: 5 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 4 * hourMs, withinMs: dayMs }),
      windowMs: dayMs,
      disable: { events: 1 },
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: ['an answer may set no cookies', 'less and less often for 24 hours, then disabled'],
    },
  },
}
