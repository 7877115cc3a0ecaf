import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** OneSignal: custom headers only. */
export const onesignal: WebhookProvider = {
  name: 'onesignal',
  title: 'OneSignal',
  webhooks: {
    scheme: {
      id: 'onesignal',
      title: 'custom headers only',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'header', name: '{config:header_name}' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      event: {},
      confidence: 'documented',
      verifiedAgainst: 'OneSignal docs "Event webhooks", "Journey webhooks"',
      sources: ['documentation.onesignal.com event-webhooks, journeys-webhook'],
      notes: ['method, URL, headers and body are user templates'],
    },
    delivery: {
      ...unknownDelivery,
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
      notes: ['pauses grow', 'duplicates are possible: dedupe on event.id'],
    },
  },
}
