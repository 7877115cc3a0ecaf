import { type WebhookExample } from '../webhook-example.ts'

const account = {
  accountId: '18b4799a-4a4e-4a3f-bd0a-0c0d3c0e1042',
  userId: 'f4d9d7b6-0b1e-4a5c-8f16-0a1b2c3d4e5f',
  envelopeId: '1703fcd9-3f62-4d7d-9d8c-6e2b1a0f1042',
}
const connect = {
  retryCount: 0,
  configurationId: 10042,
  apiVersion: 'v2.1',
  generatedDateTime: '2026-01-15T09:30:00.000Z',
}

export const docusign: readonly WebhookExample[] = [
  {
    type: 'envelope-completed',
    json: {
      ...connect,
      event: 'envelope-completed',
      data: {
        ...account,
        envelopeSummary: {
          status: 'completed',
          emailSubject: 'Please sign: the fence',
          completedDateTime: '2026-01-15T09:30:00.000Z',
        },
      },
    },
  },
  {
    type: 'envelope-sent',
    json: {
      ...connect,
      event: 'envelope-sent',
      data: { ...account, envelopeSummary: { status: 'sent', emailSubject: 'Please sign: the fence' } },
    },
  },
]
