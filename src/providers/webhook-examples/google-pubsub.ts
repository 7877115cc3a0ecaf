import { type WebhookExample } from '../webhook-example.ts'

export const googlePubsubPush: readonly WebhookExample[] = [
  {
    type: 'message',
    json: {
      message: {
        attributes: { kind: 'order.paid' },
        data: 'eyJvcmRlciI6Im9yZGVyLTEwNDIifQ==',
        messageId: '2070443601311540',
        publishTime: '2026-01-15T09:30:00.000Z',
      },
      subscription: 'projects/ada-example/subscriptions/orders',
    },
  },
]
