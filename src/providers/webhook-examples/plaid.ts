import { type WebhookExample } from '../webhook-example.ts'

const item = { item_id: 'wz666MBjYWTp2PDzzggYhM6oWWmBb', environment: 'sandbox', error: null }

export const plaid: readonly WebhookExample[] = [
  {
    type: 'TRANSACTIONS:SYNC_UPDATES_AVAILABLE',
    json: {
      ...item,
      webhook_type: 'TRANSACTIONS',
      webhook_code: 'SYNC_UPDATES_AVAILABLE',
      initial_update_complete: true,
      historical_update_complete: false,
    },
  },
  {
    type: 'ITEM:ERROR',
    json: {
      ...item,
      webhook_type: 'ITEM',
      webhook_code: 'ERROR',
      error: {
        error_type: 'ITEM_ERROR',
        error_code: 'ITEM_LOGIN_REQUIRED',
        error_message: 'The login has changed.',
        status: 400,
      },
    },
  },
]
