import { unknownDelivery } from '../delivery-facts.ts'
import { dayMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Sentry: Sentry-Hook-Signature. */
export const sentry: WebhookProvider = {
  name: 'sentry',
  title: 'Sentry',
  webhooks: {
    scheme: {
      id: 'sentry',
      title: 'Sentry-Hook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Sentry-Hook-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'client secret' },
      timestamp: null,
      rotation: 'none',
      event: {
        id: 'header:Request-ID',
        type: 'header:Sentry-Hook-Resource + /action',
        time: 'header:Sentry-Hook-Timestamp',
      },
      confidence: 'documented',
      verifiedAgainst: 'Sentry docs, integration platform webhooks',
      sources: ['github getsentry/sentry-docs integration-platform/webhooks.mdx'],
      notes: ['documentation samples sign the re-serialised JSON; timestamp header is not signed'],
    },
    delivery: {
      ...unknownDelivery,
      timeoutMs: 1 * secondMs,
      disable: { timeouts: { count: 1_000, withinMs: dayMs } },
      basis: 'documented',
      assumed: ['retryAfterMs'],
    },
  },
}
