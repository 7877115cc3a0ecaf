import { hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Mailgun: signature object in the JSON body. */
export const mailgun: WebhookProvider = {
  name: 'mailgun',
  title: 'Mailgun',
  webhooks: {
    scheme: {
      id: 'mailgun',
      title: 'signature object in the JSON body',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'json', name: '/signature/signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{json:/signature/timestamp}{json:/signature/token}',
      bodyForm: 'not-signed',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'json', name: '/signature/timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      replayKey: '/signature/token',
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: '/event-data/id', type: '/event-data/event', time: '/event-data/timestamp' },
      confidence: 'documented',
      verifiedAgainst: 'Mailgun docs "Securing webhooks"',
      sources: ['documentation.mailgun.com securing-webhooks', 'help.mailgun.com Webhooks'],
      notes: [
        'event-data is not covered by the signature; token is single-use and is the replay key',
        'subaccount events add /signature/parent-signature, made with the parent account key',
      ],
    },
    delivery: {
      success: [200],
      timeoutMs: 10 * secondMs,
      retryAfterMs: [10 * minuteMs, 10 * minuteMs, 15 * minuteMs, 30 * minuteMs, 1 * hourMs, 2 * hourMs, 4 * hourMs],
      stop: { statuses: [406] },
      basis: 'documented',
      assumed: ['timeoutMs'],
    },
  },
}
