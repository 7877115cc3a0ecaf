import { type WebhookExample } from '../webhook-example.ts'

export const paddle: readonly WebhookExample[] = [
  {
    type: 'transaction.completed',
    json: {
      event_id: 'evt_01hv8x29kz0t586xy6zn1a62ny',
      event_type: 'transaction.completed',
      occurred_at: '2026-01-15T09:30:00.000000Z',
      notification_id: 'ntf_01hv8x2axhrs2a6zh0c9d6z5ex',
      data: {
        id: 'txn_01hv8wptq8987qeep44cyrewp9',
        status: 'completed',
        customer_id: 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
        currency_code: 'EUR',
        details: { totals: { subtotal: '2017', tax: '383', total: '2400', currency_code: 'EUR' } },
      },
    },
  },
  {
    type: 'subscription.created',
    json: {
      event_id: 'evt_01hv8x2a0000000000000000ex',
      event_type: 'subscription.created',
      occurred_at: '2026-01-15T09:30:00.000000Z',
      notification_id: 'ntf_01hv8x2axhrs2a6zh0c9d6z5ey',
      data: {
        id: 'sub_01hv8x29kz0t586xy6zn1a62ny',
        status: 'active',
        customer_id: 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
        currency_code: 'EUR',
        billing_cycle: { interval: 'month', frequency: 1 },
      },
    },
  },
]
