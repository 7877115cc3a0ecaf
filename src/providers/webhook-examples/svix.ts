import { type WebhookExample } from '../webhook-example.ts'

const invoice = { id: 'inv_1042', amount: 2400, currency: 'EUR', customer: 'cus_77', status: 'paid' }

/** What anybody may send through these: the envelope is the same, the data is the sender's own. */
export const standardExamples: readonly WebhookExample[] = [
  { type: 'invoice.paid', json: { type: 'invoice.paid', timestamp: '2026-01-15T09:30:00.000Z', data: invoice } },
  {
    type: 'contact.created',
    json: {
      type: 'contact.created',
      timestamp: '2026-01-15T09:30:00.000Z',
      data: { id: 'con_77', first_name: 'Bob', last_name: 'Example', email: 'bob@shop.example' },
    },
  },
]
