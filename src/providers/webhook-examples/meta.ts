import { type WebhookExample } from '../webhook-example.ts'

export const meta: readonly WebhookExample[] = [
  {
    type: 'whatsapp_business_account',
    json: {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '102290129340398',
          time: 1768470000,
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
                messages: [
                  {
                    from: '16505551234',
                    id: 'wamid.example1042',
                    timestamp: '1768470000',
                    type: 'text',
                    text: { body: 'Is the fence up?' },
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  {
    type: 'page',
    json: {
      object: 'page',
      entry: [
        {
          id: '101915710270588',
          time: 1768470000000,
          messaging: [
            {
              sender: { id: '6982' },
              recipient: { id: '101915710270588' },
              timestamp: 1768470000000,
              message: { mid: 'm_example1042', text: 'Hello' },
            },
          ],
        },
      ],
    },
  },
]
