import { doublingPauses, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Discord: X-Signature-Ed25519. */
export const discord: WebhookProvider = {
  name: 'discord',
  title: 'Discord',
  webhooks: {
    scheme: {
      id: 'discord',
      title: 'X-Signature-Ed25519',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'ed25519',
        carrier: { in: 'header', name: 'X-Signature-Ed25519' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'any',
      },
      signedContent: '{ts}{body}',
      bodyForm: 'raw',
      key: { role: 'public-key', form: 'raw-hex' },
      timestamp: {
        carrier: { in: 'header', name: 'X-Signature-Timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      event: { type: '/event/type', time: '/event/timestamp' },
      handshakes: [
        // Of its own webhooks.
        {
          kind: 'acknowledge',
          request: {
            method: 'POST',
            when: [
              { at: '/type', is: 0 },
              { at: '/event', holds: 'nothing' },
            ],
          },
          signed: true,
          alsoForged: true,
          answer: { status: 204 },
        },
        // Of interactions, where an event of the webhooks has type 1 as well.
        {
          kind: 'acknowledge',
          request: {
            method: 'POST',
            when: [
              { at: '/type', is: 1 },
              { at: '/event', holds: 'nothing' },
            ],
          },
          signed: true,
          alsoForged: true,
          answer: { status: 200, json: { type: 1 } },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: 'discord-interactions 4.4.0 verifyKey',
      sources: [
        'npm discord-interactions 4.4.0',
        'github discord/discord-api-docs developers/events/webhook-events.mdx',
      ],
      notes: ['no delimiter between timestamp and body', 'SDK does no freshness check'],
    },
    delivery: {
      success: [200, 204],
      timeoutMs: 3 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: secondMs, withinMs: 10 * minuteMs }),
      windowMs: 10 * minuteMs,
      synchronous: true,
      basis: 'documented',
      assumed: ['retryAfterMs'],
      notes: [
        '204 for webhook events, 200 with a body for interactions',
        'the address is removed when checks with a bad signature are not answered 401',
      ],
    },
  },
}
