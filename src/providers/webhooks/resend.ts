import { hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Resend: svix-id / svix-timestamp / svix-signature. */
export const resend: WebhookProvider = {
  name: 'resend',
  title: 'Resend',
  webhooks: {
    scheme: {
      id: 'resend',
      title: 'svix-id / svix-timestamp / svix-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'svix-signature' },
        syntax: 'list',
        encoding: 'base64',
        prefix: 'v1,',
        itemSeparator: ' ',
        match: 'any',
      },
      signedContent: '{id}.{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'base64', prefix: 'whsec_', prefixIsPartOfKey: false },
      timestamp: {
        carrier: { in: 'header', name: 'svix-timestamp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      messageId: { in: 'header', name: 'svix-id' },
      rotation: 'space-separated list; entries with an unknown version are skipped; any v1 match counts',
      event: { id: 'header:svix-id', type: '/type', time: '/timestamp' },
      confidence: 'verified',
      verifiedAgainst: 'resend 6.38.0 webhooks.verify',
      sources: ['npm resend 6.38.0', 'resend.com/docs/webhooks/retries-and-replays'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 15 * secondMs,
      retryAfterMs: [5 * secondMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 10 * hourMs],
      windowMs: 28 * hourMs,
      basis: 'documented',
      assumed: ['timeoutMs'],
      notes: ['duplicates are possible'],
    },
  },
}
