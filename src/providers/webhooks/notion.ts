import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Notion: X-Notion-Signature. */
export const notion: WebhookProvider = {
  name: 'notion',
  title: 'Notion',
  webhooks: {
    scheme: {
      id: 'notion',
      title: 'X-Notion-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Notion-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'sha256=',
        hexCase: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'verification_token from the handshake' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/id', type: '/type', time: '/timestamp', version: '/api_version' },
      handshakes: [
        {
          kind: 'capture',
          request: {
            method: 'POST',
            when: [{ at: '/verification_token' }, { at: 'header:X-Notion-Signature', holds: 'nothing' }],
          },
          signed: false,
          challenge: { at: '/verification_token' },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: '@notionhq/client 5.26.0 verifyWebhookSignature and signWebhookPayload',
      sources: ['npm @notionhq/client 5.26.0 build/src/webhooks.js'],
    },
    delivery: unknownDelivery,
  },
}
