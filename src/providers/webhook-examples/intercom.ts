import { type WebhookExample } from '../webhook-example.ts'

const envelope = {
  type: 'notification_event',
  app_id: 'ex4mpl3',
  delivery_status: 'pending',
  delivery_attempts: 1,
  delivered_at: 0,
  first_sent_at: 1768470000,
  created_at: 1768470000,
}

export const intercom: readonly WebhookExample[] = [
  {
    type: 'conversation.user.created',
    json: {
      ...envelope,
      id: 'notif_ccd8a4d0-f965-11f0-a367-c779cae3e1b3',
      topic: 'conversation.user.created',
      data: {
        type: 'notification_event_data',
        item: {
          type: 'conversation',
          id: '1042',
          state: 'open',
          source: {
            type: 'conversation',
            body: '<p>Is the fence up?</p>',
            author: { type: 'user', id: '6f77', email: 'bob@shop.example' },
          },
        },
      },
    },
  },
  {
    type: 'contact.created',
    json: {
      ...envelope,
      id: 'notif_ccd8a4d0-f965-11f0-a367-c779cae3e1b4',
      topic: 'contact.created',
      data: {
        type: 'notification_event_data',
        item: { type: 'contact', id: '6f77', role: 'user', email: 'bob@shop.example' },
      },
    },
  },
]
