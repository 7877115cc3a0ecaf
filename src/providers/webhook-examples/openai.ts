import { type WebhookExample } from '../webhook-example.ts'

export const openai: readonly WebhookExample[] = [
  {
    type: 'response.completed',
    json: {
      id: 'evt_685343a1381c819085d44c354e1b330e',
      object: 'event',
      created_at: 1768470000,
      type: 'response.completed',
      data: { id: 'resp_abc123example' },
    },
  },
  {
    type: 'batch.completed',
    json: {
      id: 'evt_685343a1381c819085d44c354e1b330f',
      object: 'event',
      created_at: 1768470000,
      type: 'batch.completed',
      data: { id: 'batch_abc123example' },
    },
  },
]
