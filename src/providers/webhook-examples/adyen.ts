import { type WebhookExample } from '../webhook-example.ts'

const item = {
  additionalData: { authCode: '58747' },
  amount: { currency: 'EUR', value: 2400 },
  eventDate: '2026-01-15T09:30:00Z',
  merchantAccountCode: 'AdaExampleECOM',
  merchantReference: 'order-1042',
  originalReference: '',
  paymentMethod: 'visa',
  pspReference: '7914073381342284',
  reason: '',
  success: 'true',
}

export const adyenPayments: readonly WebhookExample[] = [
  {
    type: 'AUTHORISATION',
    json: {
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: { ...item, eventCode: 'AUTHORISATION', operations: ['CANCEL', 'CAPTURE', 'REFUND'] },
        },
      ],
    },
  },
  {
    type: 'REFUND',
    json: {
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: {
            ...item,
            eventCode: 'REFUND',
            originalReference: '7914073381342284',
            pspReference: '7914073381349999',
          },
        },
      ],
    },
  },
]

export const adyenPlatform: readonly WebhookExample[] = [
  {
    type: 'balancePlatform.transfer.created',
    json: {
      type: 'balancePlatform.transfer.created',
      environment: 'test',
      timestamp: '2026-01-15T09:30:00Z',
      data: {
        id: '48PV9L5XEXAMPLE1',
        balancePlatform: 'AdaExample',
        amount: { currency: 'EUR', value: 2400 },
        status: 'authorised',
        direction: 'incoming',
      },
    },
  },
]
