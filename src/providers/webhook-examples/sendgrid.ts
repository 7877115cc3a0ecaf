import { type WebhookExample } from '../webhook-example.ts'

const mail = {
  email: 'bob@shop.example',
  'smtp-id': '<example.1042@mail.shop.example>',
  sg_message_id: 'example1042.recvd-00000-0',
  category: ['receipt'],
}

export const sendgrid: readonly WebhookExample[] = [
  {
    type: 'delivered',
    json: [
      { ...mail, event: 'processed', timestamp: 1768470000, sg_event_id: 'cHJvY2Vzc2VkLWV4YW1wbGU' },
      {
        ...mail,
        event: 'delivered',
        timestamp: 1768470001,
        sg_event_id: 'ZGVsaXZlcmVkLWV4YW1wbGU',
        response: '250 OK',
        ip: '192.0.2.10',
      },
    ],
  },
  {
    type: 'bounce',
    json: [
      {
        ...mail,
        event: 'bounce',
        timestamp: 1768470000,
        sg_event_id: 'Ym91bmNlLWV4YW1wbGUtMDE',
        type: 'bounce',
        reason: '550 no such mailbox',
        status: '5.1.1',
      },
    ],
  },
]
