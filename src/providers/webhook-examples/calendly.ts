import { type WebhookExample } from '../webhook-example.ts'

const invitee = {
  uri: 'https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA/invitees/BBBBBBBBBBBBBBBB',
  email: 'bob@shop.example',
  name: 'Bob Example',
  status: 'active',
  event: 'https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA',
  timezone: 'Europe/Berlin',
}

export const calendly: readonly WebhookExample[] = [
  {
    type: 'invitee.created',
    json: {
      event: 'invitee.created',
      created_at: '2026-01-15T09:30:00.000000Z',
      created_by: 'https://api.calendly.com/users/CCCCCCCCCCCCCCCC',
      payload: invitee,
    },
  },
  {
    type: 'invitee.canceled',
    json: {
      event: 'invitee.canceled',
      created_at: '2026-01-15T09:30:00.000000Z',
      created_by: 'https://api.calendly.com/users/CCCCCCCCCCCCCCCC',
      payload: { ...invitee, status: 'canceled', cancellation: { canceled_by: 'Bob Example', reason: 'Rain' } },
    },
  },
]
