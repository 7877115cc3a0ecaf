import { dayMs, doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Asana: X-Hook-Signature. */
export const asana: WebhookProvider = {
  name: 'asana',
  title: 'Asana',
  webhooks: {
    scheme: {
      id: 'asana',
      title: 'X-Hook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Hook-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'X-Hook-Secret from the handshake' },
      timestamp: null,
      rotation: 'none',
      event: { type: '/events/*/action + /events/*/resource/resource_type', time: '/events/*/created_at' },
      handshakes: [
        {
          kind: 'capture',
          request: {
            method: 'POST',
            when: [{ at: 'header:X-Hook-Secret' }, { at: 'header:X-Hook-Signature', holds: 'nothing' }],
          },
          signed: false,
          challenge: { at: 'header:X-Hook-Secret' },
          echoHeader: 'X-Hook-Secret',
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Asana developer docs',
      sources: ['github Asana/developer-docs source/includes/markdown/_webhooks.html.md'],
      notes: ['encoding (hex) from general knowledge of the official sample'],
    },
    delivery: {
      success: [200, 204],
      timeoutMs: 10 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 4 * hourMs, withinMs: dayMs }),
      windowMs: dayMs,
      disable: { events: 1 },
      heartbeat: { everyMs: 8 * hourMs, body: '{"events":[]}' },
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: ['after 24 hours of failure the webhook is deleted', 'at most once by design'],
    },
  },
}
