import { hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Standard Webhooks: webhook-id / webhook-timestamp / webhook-signature. */
export const standardWebhooks: WebhookProvider = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  webhooks: {
    scheme: {
      id: 'standard-webhooks',
      title: 'webhook-id / webhook-timestamp / webhook-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'webhook-signature' },
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
        carrier: { in: 'header', name: 'webhook-timestamp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      messageId: { in: 'header', name: 'webhook-id' },
      rotation: 'space-separated list; entries with an unknown version are skipped; any v1 match counts',
      event: { id: 'header:webhook-id', type: '/type', time: '/timestamp' },
      confidence: 'verified',
      verifiedAgainst: 'standardwebhooks 1.1.1 Webhook.verify and sign',
      sources: ['npm standardwebhooks 1.1.1', 'github standard-webhooks spec/standard-webhooks.md (b2fa7b8)'],
      notes: [
        'asymmetric form: label v1a, ed25519, keys whsk_ and whpk_ in base64; the JavaScript library only checks v1',
        'the library signs the parsed timestamp number, other ports sign the text',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 15 * secondMs,
      retryAfterMs: [
        5 * secondMs,
        5 * minuteMs,
        30 * minuteMs,
        2 * hourMs,
        5 * hourMs,
        10 * hourMs,
        14 * hourMs,
        20 * hourMs,
        24 * hourMs,
      ],
      windowMs: 76 * hourMs,
      heedsRetryAfter: true,
      stop: { statuses: [410] },
      disable: { statuses: [410] },
      basis: 'documented',
      notes: [
        'the schedule is an example; timeouts of 15 to 30 s are advised',
        'duplicates are possible: the id stays the same',
      ],
    },
  },
}
