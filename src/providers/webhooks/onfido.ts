import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Onfido: X-SHA2-Signature. */
export const onfido: WebhookProvider = {
  name: 'onfido',
  title: 'Onfido',
  webhooks: {
    scheme: {
      id: 'onfido',
      title: 'X-SHA2-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-SHA2-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { type: '/payload/action', time: '/payload/object/completed_at_iso8601', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@onfido/api 6.2.0 WebhookEventVerifier',
      sources: ['npm @onfido/api 6.2.0'],
    },
    delivery: unknownDelivery,
  },
}
