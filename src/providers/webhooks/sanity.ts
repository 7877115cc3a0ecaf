import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Sanity: sanity-webhook-signature. */
export const sanity: WebhookProvider = {
  name: 'sanity',
  title: 'Sanity',
  webhooks: {
    scheme: {
      id: 'sanity',
      title: 'sanity-webhook-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'sanity-webhook-signature' },
        syntax: 'pairs',
        encoding: 'base64url',
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
        unit: 'ms',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
        notBefore: '2021-01-01T00:00:00Z',
      },
      rotation: 'none',
      event: { id: 'header:idempotency-key', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@sanity/webhook 4.0.4 isValidSignature',
      sources: ['npm @sanity/webhook 4.0.4', 'sanity.io changelog 2026-04-29'],
      notes: ['separator may be comma or space', 'timestamp must be later than 2021', 'refuses an empty body'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 10 * secondMs,
      retryAfterMs: [30 * secondMs, 30 * secondMs],
      windowMs: 1 * minuteMs,
      stop: { statuses: ['3xx', '4xx'], except: [429], noAnswer: true },
      basis: 'documented',
      assumed: ['timeoutMs'],
      notes: ['only 429 and 5xx are repeated'],
    },
  },
}
