import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Intercom: X-Hub-Signature (SHA-1). */
export const intercom: WebhookProvider = {
  name: 'intercom',
  title: 'Intercom',
  webhooks: {
    scheme: {
      id: 'intercom',
      title: 'X-Hub-Signature (SHA-1)',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Hub-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'sha1=',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'client secret' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/id', type: '/topic', time: '/created_at' },
      confidence: 'documented',
      verifiedAgainst: 'Intercom docs "Signed notifications"',
      sources: ['developers.intercom.com signed-notifications'],
      notes: ['same header name as Bitbucket, algorithm differs: the prefix decides'],
    },
    delivery: unknownDelivery,
  },
}
