import { type WebhookExample } from '../webhook-example.ts'

const message = {
  headers: {
    to: 'bob@shop.example',
    from: 'shop@mail.shop.example',
    subject: 'Your receipt',
    'message-id': '20260115093000.1042@mail.shop.example',
  },
  attachments: [],
  size: 1042,
}

export const mailgun: readonly WebhookExample[] = [
  {
    type: 'delivered',
    json: {
      'event-data': {
        id: 'CPgfbmQMTCKtHW6uIWtuVe',
        timestamp: 1768470000.123,
        event: 'delivered',
        'log-level': 'info',
        recipient: 'bob@shop.example',
        'recipient-domain': 'shop.example',
        message,
        'delivery-status': { code: 250, message: 'OK', 'attempt-no': 1 },
      },
    },
  },
  {
    type: 'failed',
    json: {
      'event-data': {
        id: 'G9Bn5sl1TC6nu79C8C0bwg',
        timestamp: 1768470000.123,
        event: 'failed',
        severity: 'permanent',
        reason: 'bounce',
        'log-level': 'error',
        recipient: 'bob@shop.example',
        'recipient-domain': 'shop.example',
        message,
        'delivery-status': { code: 550, message: 'no such mailbox', 'attempt-no': 1 },
      },
    },
  },
]
