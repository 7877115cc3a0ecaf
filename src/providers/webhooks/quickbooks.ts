import { unknownDelivery } from '../delivery-facts.ts'
import { secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Intuit QuickBooks: intuit-signature. */
export const quickbooks: WebhookProvider = {
  name: 'quickbooks',
  title: 'Intuit QuickBooks',
  webhooks: {
    scheme: {
      id: 'quickbooks',
      title: 'intuit-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'intuit-signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'verifier token' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/*/id', type: '/*/type', time: '/*/time', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'IntuitDeveloper/SampleApp-Webhooks-nodejs isValidPayload (run over the vectors)',
      sources: ['github IntuitDeveloper/SampleApp-Webhooks-nodejs util/util.js', 'developer.intuit.com webhooks'],
      notes: [
        'two payload shapes: eventNotifications object (old) and an array of CloudEvents (new); events are aggregated for 1 to 5 minutes',
      ],
    },
    delivery: {
      ...unknownDelivery,
      success: [200],
      timeoutMs: 3 * secondMs,
      basis: 'secondary',
      assumed: ['retryAfterMs'],
    },
  },
}
