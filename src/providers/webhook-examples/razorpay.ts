import { type WebhookExample } from '../webhook-example.ts'

export const razorpay: readonly WebhookExample[] = [
  {
    type: 'payment.captured',
    json: {
      entity: 'event',
      account_id: 'acc_EXAMPLE1042',
      event: 'payment.captured',
      contains: ['payment'],
      created_at: 1768470000,
      payload: {
        payment: {
          entity: {
            id: 'pay_EXAMPLE1042',
            entity: 'payment',
            amount: 240000,
            currency: 'INR',
            status: 'captured',
            order_id: 'order_EXAMPLE1042',
            method: 'upi',
          },
        },
      },
    },
  },
]
