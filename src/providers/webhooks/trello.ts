import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Trello: X-Trello-Webhook. */
export const trello: WebhookProvider = {
  name: 'trello',
  title: 'Trello',
  webhooks: {
    scheme: {
      id: 'trello',
      title: 'X-Trello-Webhook',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Trello-Webhook' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}{config:callback_url}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'application secret' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/action/id', type: '/action/type', time: '/action/date', unchecked: true },
      handshakes: [
        {
          kind: 'acknowledge',
          request: { method: 'HEAD', when: [] },
          signed: false,
          answer: { status: 200 },
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Atlassian Trello webhook guide',
      sources: ['developer.atlassian.com/cloud/trello/guides/rest-api/webhooks'],
      notes: ['URL comes after the body'],
    },
    delivery: unknownDelivery,
  },
}
