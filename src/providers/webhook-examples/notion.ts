import { type WebhookExample } from '../webhook-example.ts'

const envelope = {
  timestamp: '2026-01-15T09:30:00.000Z',
  workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
  workspace_name: 'Fences',
  subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
  integration_id: '0ef2e755-4912-8096-91c1-00376a88a5ca',
  authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
  attempt_number: 1,
  api_version: '2025-09-03',
}

export const notion: readonly WebhookExample[] = [
  {
    type: 'page.content_updated',
    json: {
      ...envelope,
      id: '1782edd6-a853-4d4a-b02c-9c8c16f28e53',
      type: 'page.content_updated',
      entity: { id: '0ef104cd-477e-80e1-8571-cfd10e92339a', type: 'page' },
      data: { updated_blocks: [], parent: { id: '0ef104cd-477e-80e1-8571-cfd10e92339b', type: 'space' } },
    },
  },
]
