import { type WebhookExample } from '../webhook-example.ts'

export const workos: readonly WebhookExample[] = [
  {
    type: 'user.created',
    json: {
      id: 'event_01EXAMPLE1042',
      event: 'user.created',
      created_at: '2026-01-15T09:30:00.000Z',
      data: {
        object: 'user',
        id: 'user_01EXAMPLE1042',
        email: 'bob@shop.example',
        first_name: 'Bob',
        last_name: 'Example',
        email_verified: true,
      },
    },
  },
]
