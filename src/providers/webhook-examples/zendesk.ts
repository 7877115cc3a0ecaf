import { type WebhookExample } from '../webhook-example.ts'

const envelope = { account_id: 12514403, zendesk_event_version: '2022-11-06' }

export const zendesk: readonly WebhookExample[] = [
  {
    type: 'zen:event-type:ticket.created',
    json: {
      ...envelope,
      id: 'cbe4028c-7239-495d-b020-f22348516046',
      time: '2026-01-15T09:30:00.000Z',
      type: 'zen:event-type:ticket.created',
      subject: 'zen:ticket:1042',
      detail: {
        id: '1042',
        subject: 'The gate squeaks',
        status: 'NEW',
        priority: 'HIGH',
        requester_id: '8447388090494',
      },
      event: {},
    },
  },
  {
    type: 'zen:event-type:user.created',
    json: {
      ...envelope,
      id: 'cbe4028c-7239-495d-b020-f22348516047',
      time: '2026-01-15T09:30:00.000Z',
      type: 'zen:event-type:user.created',
      subject: 'zen:user:8447388090494',
      detail: { id: '8447388090494', role: 'end-user', email: 'bob@shop.example' },
      event: {},
    },
  },
]
