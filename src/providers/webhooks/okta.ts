import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Okta: Authorization static secret. */
export const oktaEventHook: WebhookProvider = {
  name: 'okta',
  title: 'Okta',
  webhooks: {
    scheme: {
      id: 'okta-event-hook',
      title: 'Authorization static secret',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'header', name: 'Authorization' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/eventId', type: '/data/events/*/eventType', time: '/data/events/*/published' },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'GET', when: [{ at: 'header:x-okta-verification-challenge' }] },
          signed: false,
          challenge: { at: 'header:x-okta-verification-challenge' },
          answer: { json: { verification: '{challenge}' } },
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Okta developer docs "Event hooks"',
      sources: ['github okta/okta-developer-docs concepts/event-hooks (468de9c)'],
      notes: ['header name and value are chosen by the user; Authorization is the default'],
    },
    delivery: {
      success: [200, 204],
      answer: { status: 200, body: '', mustContain: '' },
      timeoutMs: 3 * secondMs,
      retryAfterMs: [1 * minuteMs],
      stop: { statuses: '4xx' },
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: ['one retry; when it comes is not said', 'at least once: dedupe on eventId'],
    },
  },
}
