import { type WebhookExample } from '../webhook-example.ts'

const meta = { attempt: 1, delivered_to: 'https://shop.example/webhooks' }

export const telnyx: readonly WebhookExample[] = [
  {
    type: 'message.received',
    json: {
      data: {
        event_type: 'message.received',
        id: '2a14b0c9-0a1b-4d79-a0c0-2b8ea8e1f0aa',
        occurred_at: '2026-01-15T09:30:00.000+00:00',
        record_type: 'event',
        payload: {
          id: '84cca175-9755-4859-b67f-4730d7f58aa3',
          direction: 'inbound',
          text: 'Is the fence up?',
          type: 'SMS',
          from: { phone_number: '+13125550001' },
          to: [{ phone_number: '+17735550002', status: 'webhook_delivered' }],
        },
      },
      meta,
    },
  },
]
