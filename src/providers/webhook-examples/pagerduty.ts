import { type WebhookExample } from '../webhook-example.ts'

export const pagerduty: readonly WebhookExample[] = [
  {
    type: 'incident.triggered',
    json: {
      event: {
        id: '01CEXAMPLE1042',
        event_type: 'incident.triggered',
        resource_type: 'incident',
        occurred_at: '2026-01-15T09:30:00.000Z',
        agent: null,
        client: null,
        data: {
          id: 'PGR0VU2',
          type: 'incident',
          number: 42,
          status: 'triggered',
          title: 'The gate is open',
          urgency: 'high',
          service: { id: 'PF9KMXH', summary: 'Fences', type: 'service_reference' },
        },
      },
    },
  },
]
