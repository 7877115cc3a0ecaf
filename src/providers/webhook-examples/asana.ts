import { type WebhookExample } from '../webhook-example.ts'

export const asana: readonly WebhookExample[] = [
  {
    type: 'changed task',
    json: {
      events: [
        {
          action: 'changed',
          created_at: '2026-01-15T09:30:00.000Z',
          parent: null,
          user: { gid: '12345', resource_type: 'user' },
          resource: { gid: '1042', resource_type: 'task', resource_subtype: 'default_task' },
          change: { field: 'completed', action: 'changed' },
        },
      ],
    },
  },
]
