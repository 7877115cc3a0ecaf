import { type WebhookExample } from '../webhook-example.ts'

export const square: readonly WebhookExample[] = [
  {
    type: 'payment.updated',
    json: {
      merchant_id: '6SSW7EXAMPLE1',
      location_id: 'LEXAMPLE00001',
      type: 'payment.updated',
      event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124',
      created_at: '2026-01-15T09:30:00.000Z',
      data: {
        type: 'payment',
        id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY',
        object: {
          payment: {
            id: 'hYy9pRFVxpDsO1FB05SunFWUe9JZY',
            status: 'COMPLETED',
            amount_money: { amount: 2400, currency: 'EUR' },
            order_id: 'order-1042',
            version: 2,
          },
        },
      },
    },
  },
]
