import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Zendesk: X-Zendesk-Webhook-Signature. */
export const zendesk: WebhookProvider = {
  name: 'zendesk',
  title: 'Zendesk',
  webhooks: {
    scheme: {
      id: 'zendesk',
      title: 'X-Zendesk-Webhook-Signature',
      request: { method: 'POST', otherMethods: ['GET', 'PUT', 'PATCH', 'DELETE'], contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Zendesk-Webhook-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{ts}{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'X-Zendesk-Webhook-Signature-Timestamp' },
        unit: 'iso8601',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      rotation: 'none',
      event: { id: 'header:X-Zendesk-Webhook-Invocation-Id', type: '/type', time: '/time', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'Zendesk developer docs "Verifying webhooks"',
      sources: [
        'developer.zendesk.com/documentation/webhooks/verifying',
        'developer.zendesk.com api-reference/webhooks/introduction',
      ],
      notes: ['body may be empty (GET, DELETE)', 'secret looks like base64 but is used as text'],
    },
    delivery: {
      ...unknownDelivery,
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['certain statuses are repeated, with a circuit breaker for each webhook; the details were not seen'],
    },
  },
}
