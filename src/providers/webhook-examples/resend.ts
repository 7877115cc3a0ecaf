import { type WebhookExample } from '../webhook-example.ts'

export const resend: readonly WebhookExample[] = [
  {
    type: 'email.delivered',
    json: {
      type: 'email.delivered',
      created_at: '2026-01-15T09:30:00.000Z',
      data: {
        email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
        from: 'Shop <shop@mail.shop.example>',
        to: ['bob@shop.example'],
        subject: 'Your receipt',
        created_at: '2026-01-15T09:30:00.000Z',
      },
    },
  },
]
