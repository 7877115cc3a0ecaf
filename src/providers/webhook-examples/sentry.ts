import { type WebhookExample } from '../webhook-example.ts'

export const sentry: readonly WebhookExample[] = [
  {
    type: 'issue',
    headers: { 'Sentry-Hook-Resource': 'issue' },
    json: {
      action: 'created',
      installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
      actor: { type: 'application', id: 'sentry', name: 'Sentry' },
      data: {
        issue: {
          id: '1170820242',
          shortId: 'SHOP-42',
          title: 'TypeError: event is undefined',
          level: 'error',
          status: 'unresolved',
          project: { id: '1', slug: 'shop' },
        },
      },
    },
  },
]
