import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** EasyPost: X-Hmac-Signature. */
export const easypost: WebhookProvider = {
  name: 'easypost',
  title: 'EasyPost',
  webhooks: {
    scheme: {
      id: 'easypost',
      title: 'X-Hmac-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Hmac-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'hmac-sha256-hex=',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'nfkd-utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/id', type: '/description', time: '/created_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@easypost/api 8.9.0 validateWebhook',
      sources: ['npm @easypost/api 8.9.0 utils/util.js'],
      notes: [
        'secret is NFKD-normalised',
        'SDK rewrites integer "weight" values to N.0 in the body text before checking',
      ],
    },
    delivery: unknownDelivery,
  },
}
