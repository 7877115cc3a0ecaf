import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** PagerDuty: X-PagerDuty-Signature v1. */
export const pagerduty: WebhookProvider = {
  name: 'pagerduty',
  title: 'PagerDuty',
  webhooks: {
    scheme: {
      id: 'pagerduty',
      title: 'X-PagerDuty-Signature v1',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-PagerDuty-Signature' },
        syntax: 'list',
        encoding: 'hex',
        prefix: 'v1=',
        itemSeparator: ',',
        trim: true,
        match: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      deliveryId: { in: 'header', name: 'X-Webhook-Id' },
      rotation: 'comma-separated list of v1= digests during rotation; any match counts',
      event: { id: '/event/id', type: '/event/event_type', time: '/event/occurred_at' },
      confidence: 'documented',
      verifiedAgainst: 'PagerDuty developer docs (04-Signatures, 02-Behavior)',
      sources: ['github PagerDuty/developer-docs docs/webhooks (9422439)'],
    },
    delivery: unknownDelivery,
  },
}
