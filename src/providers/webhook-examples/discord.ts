import { type WebhookExample } from '../webhook-example.ts'

const user = { id: '53908232506183680', username: 'ada_example', global_name: 'Ada', discriminator: '0', avatar: null }

export const discord: readonly WebhookExample[] = [
  {
    type: 'APPLICATION_AUTHORIZED',
    json: {
      version: 1,
      application_id: '1234560123453231555',
      type: 1,
      event: {
        type: 'APPLICATION_AUTHORIZED',
        timestamp: '2026-01-15T09:30:00.000000',
        data: { integration_type: 1, scopes: ['applications.commands'], user },
      },
    },
  },
  {
    type: 'ENTITLEMENT_CREATE',
    json: {
      version: 1,
      application_id: '1234560123453231555',
      type: 1,
      event: {
        type: 'ENTITLEMENT_CREATE',
        timestamp: '2026-01-15T09:30:00.000000',
        data: { id: '1019653849998299136', sku_id: '1019475255913222144', user_id: user.id, type: 8, deleted: false },
      },
    },
  },
]
