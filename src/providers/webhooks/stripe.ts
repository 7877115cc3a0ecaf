import { dayMs, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Stripe: Stripe-Signature v1. */
export const stripe: WebhookProvider = {
  name: 'stripe',
  title: 'Stripe',
  webhooks: {
    scheme: {
      id: 'stripe',
      title: 'Stripe-Signature v1',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Stripe-Signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'v1',
        timestampField: 't',
        match: 'any',
        hexCase: 'exact',
      },
      signedContent: '{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', prefix: 'whsec_', prefixIsPartOfKey: true },
      timestamp: {
        carrier: { in: 'signature-field', name: 't' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation:
        'several v1 entries in one header while a secret is rolled; any match counts; unknown and v0 entries are ignored',
      event: { id: '/id', type: '/type', time: '/created', version: '/api_version' },
      confidence: 'verified',
      verifiedAgainst: 'stripe 23.1.0 webhooks.signature.verifyHeader and generateTestHeaderString',
      sources: [
        'npm stripe 23.1.0 esm/Webhooks.js',
        'dev.to article by webhookadmin.com quoting docs.stripe.com/webhooks (2026-09-27)',
      ],
      notes: [
        'SDK never rejects future timestamps',
        'SDK decodes the body with TextDecoder, which drops a UTF-8 byte-order mark, so a correctly signed body that starts with one is refused',
        'timestamp is parsed with an integer-prefix parse and the parsed number is what is signed',
        'no trimming around commas',
      ],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 20 * secondMs,
      retryAfterMs: [
        1 * minuteMs,
        5 * minuteMs,
        30 * minuteMs,
        1 * hourMs,
        2 * hourMs,
        4 * hourMs,
        ...Array<number>(8).fill(8 * hourMs),
      ],
      windowMs: 3 * dayMs,
      sandboxRetryAfterMs: [1 * hourMs, 2 * hourMs],
      basis: 'secondary',
      assumed: ['timeoutMs', 'retryAfterMs', 'sandboxRetryAfterMs'],
      notes: [
        'exponential back-off for up to three days, in a sandbox three tries over a few hours',
        'duplicates are possible: dedupe on the event id',
      ],
    },
  },
}
