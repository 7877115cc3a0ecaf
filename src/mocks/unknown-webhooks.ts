import { unknownDelivery } from '../providers/delivery-facts.ts'
import { type WebhookFacts } from '../providers/manifest.ts'

/** How a provider sends webhooks of which nothing is known: with a token, and repeated a few times. */
export const unknownWebhooks: WebhookFacts = {
  scheme: {
    id: 'unknown',
    title: 'Bearer token',
    request: { method: 'POST', contentType: 'application/json' },
    signature: {
      type: 'token',
      carrier: { in: 'header', name: 'X-Webhook-Token' },
      syntax: 'bare',
    },
    signedContent: null,
    bodyForm: 'not-signed',
    key: { role: 'token', form: 'utf8' },
    timestamp: null,
    event: { id: '/id', type: '/type' },
    confidence: 'uncertain',
    verifiedAgainst: 'nothing',
    sources: [],
  },
  delivery: unknownDelivery,
}
