import { type WebhookExample } from '../webhook-example.ts'

export const lemonsqueezy: readonly WebhookExample[] = [
  {
    type: 'order_created',
    json: {
      meta: { event_name: 'order_created', custom_data: { order: 'order-1042' } },
      data: {
        type: 'orders',
        id: '1042',
        attributes: {
          store_id: 42,
          user_email: 'bob@shop.example',
          status: 'paid',
          currency: 'EUR',
          total: 2400,
          created_at: '2026-01-15T09:30:00.000000Z',
        },
      },
    },
  },
]
