import { type WebhookExample } from '../webhook-example.ts'

const event = {
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1768470000,
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
}
const intent = {
  id: 'pi_3PexampleExample01',
  object: 'payment_intent',
  amount: 2400,
  currency: 'eur',
  customer: 'cus_QexampleExampl1',
  latest_charge: 'ch_3PexampleExample01',
  livemode: false,
  metadata: { order_id: 'order-1042' },
}

export const stripe: readonly WebhookExample[] = [
  {
    type: 'payment_intent.succeeded',
    json: {
      ...event,
      id: 'evt_1PexampleExample0001',
      type: 'payment_intent.succeeded',
      data: { object: { ...intent, amount_received: 2400, status: 'succeeded' } },
    },
  },
  {
    type: 'payment_intent.payment_failed',
    json: {
      ...event,
      id: 'evt_1PexampleExample0002',
      type: 'payment_intent.payment_failed',
      data: {
        object: {
          ...intent,
          amount_received: 0,
          status: 'requires_payment_method',
          last_payment_error: {
            type: 'card_error',
            code: 'card_declined',
            decline_code: 'insufficient_funds',
            message: 'The card was declined.',
          },
        },
      },
    },
  },
  {
    type: 'charge.refunded',
    json: {
      ...event,
      id: 'evt_1PexampleExample0003',
      type: 'charge.refunded',
      data: {
        object: {
          id: 'ch_3PexampleExample01',
          object: 'charge',
          amount: 2400,
          amount_refunded: 2400,
          currency: 'eur',
          paid: true,
          payment_intent: 'pi_3PexampleExample01',
          refunded: true,
          status: 'succeeded',
        },
      },
    },
  },
]
