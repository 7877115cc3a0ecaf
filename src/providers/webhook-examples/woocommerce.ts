import { type WebhookExample } from '../webhook-example.ts'

const hook = {
  'X-WC-Webhook-Source': 'https://shop.example/',
  'X-WC-Webhook-Resource': 'order',
  'X-WC-Webhook-ID': '42',
}

export const woocommerce: readonly WebhookExample[] = [
  {
    type: 'order.created',
    headers: { ...hook, 'X-WC-Webhook-Event': 'created' },
    json: {
      id: 1042,
      number: '1042',
      status: 'processing',
      currency: 'EUR',
      total: '24.00',
      date_created_gmt: '2026-01-15T09:30:00',
      billing: { first_name: 'Bob', last_name: 'Example', email: 'bob@shop.example' },
      line_items: [{ id: 1, name: 'A fence post', quantity: 2, total: '24.00' }],
    },
  },
]
