import { type WebhookExample } from '../webhook-example.ts'

const issue = {
  id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9',
  identifier: 'FEN-42',
  number: 42,
  title: 'The gate squeaks',
  priority: 2,
  createdAt: '2026-01-15T09:30:00.000Z',
  updatedAt: '2026-01-15T09:30:00.000Z',
  team: { id: '72b2a2dc-6f4f-4423-9d34-24b5bd10634a', key: 'FEN', name: 'Fences' },
}

export const linear: readonly WebhookExample[] = [
  {
    type: 'Issue',
    json: {
      action: 'create',
      type: 'Issue',
      createdAt: '2026-01-15T09:30:00.000Z',
      data: issue,
      url: 'https://linear.app/example/issue/FEN-42',
      organizationId: '4a5a1f2e-0b6f-4f0a-9f36-0c9f3b2c1d00',
      webhookTimestamp: 1768470000000,
      webhookId: '000042e3-d123-4980-b49f-8e140eef9329',
    },
  },
  {
    type: 'Comment',
    json: {
      action: 'create',
      type: 'Comment',
      createdAt: '2026-01-15T09:30:00.000Z',
      data: { id: 'f5b1d8a2-4b6a-4b1d-8f6f-0c5a0a3f0b11', body: 'Oiled it.', issueId: issue.id },
      organizationId: '4a5a1f2e-0b6f-4f0a-9f36-0c9f3b2c1d00',
      webhookTimestamp: 1768470000000,
      webhookId: '000042e3-d123-4980-b49f-8e140eef9329',
    },
  },
]
