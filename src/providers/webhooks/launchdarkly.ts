import { minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** LaunchDarkly: X-LD-Signature. */
export const launchdarkly: WebhookProvider = {
  name: 'launchdarkly',
  title: 'LaunchDarkly',
  webhooks: {
    scheme: {
      id: 'launchdarkly',
      title: 'X-LD-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-LD-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/_id', type: '/kind', time: '/date' },
      confidence: 'documented',
      verifiedAgainst: 'LaunchDarkly docs "Webhooks"',
      sources: ['launchdarkly.com/docs/home/infrastructure/webhooks'],
    },
    delivery: {
      success: '2xx',
      timeoutMs: 10 * secondMs,
      retryAfterMs: [1 * minuteMs],
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['one retry; when it comes is not said', 'order by /date'],
    },
  },
}
