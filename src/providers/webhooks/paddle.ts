import { dayMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Paddle Billing: Paddle-Signature. */
export const paddle: WebhookProvider = {
  name: 'paddle',
  title: 'Paddle Billing',
  webhooks: {
    scheme: {
      id: 'paddle',
      title: 'Paddle-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Paddle-Signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ';',
        pairSeparator: '=',
        signatureField: 'h1',
        timestampField: 'ts',
        match: 'any',
        hexCase: 'exact',
      },
      signedContent: '{ts}:{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 'ts' },
        unit: 's',
        tolerancePastMs: 5_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'several h1 entries while a secret is rolled; this SDK version only looks at the last one',
      event: { id: '/event_id', type: '/event_type', time: '/occurred_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@paddle/paddle-node-sdk 3.10.0 webhooks.isSignatureValid',
      sources: [
        'npm @paddle/paddle-node-sdk 3.10.0 webhooks-validator.js',
        'developer.paddle.com/webhooks/respond-to-webhooks',
      ],
      notes: ['default tolerance is only 5 seconds', 'the library looks at the last entry only'],
    },
    delivery: {
      success: [200],
      timeoutMs: 5 * secondMs,
      retryAfterMs: [...Array<number>(20).fill(3 * minuteMs), ...Array<number>(40).fill(106 * minuteMs)],
      windowMs: 3 * dayMs,
      sandboxRetryAfterMs: [5 * minuteMs, 5 * minuteMs, 5 * minuteMs],
      basis: 'documented',
      assumed: ['retryAfterMs', 'sandboxRetryAfterMs'],
      notes: ['60 retries in three days, 20 of them in the first hour; three within 15 minutes in a sandbox'],
    },
  },
}
