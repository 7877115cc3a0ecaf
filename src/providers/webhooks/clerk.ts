import { dayMs, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Clerk: svix-id / svix-timestamp / svix-signature. */
export const clerk: WebhookProvider = {
  name: 'clerk',
  title: 'Clerk',
  webhooks: {
    scheme: {
      id: 'clerk',
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
      verifiedAgainst: '@clerk/backend 3.25.0 verifyWebhook',
      sources: ['npm @clerk/backend 3.25.0 webhooks.mjs', 'github clerk/clerk-docs webhooks/overview.mdx'],
      notes: ['header values are trimmed'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 15 * secondMs,
      retryAfterMs: [5 * secondMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 10 * hourMs],
      windowMs: 28 * hourMs,
      stop: { header: { name: 'webhook-delivery', value: 'abort-message' } },
      disable: { failingForMs: 5 * dayMs },
      basis: 'documented',
      notes: ['duplicates are possible: the id stays the same'],
    },
  },
}
