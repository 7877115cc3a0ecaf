import { type WebhookExample } from '../webhook-example.ts'

export const mandrill: readonly WebhookExample[] = [
  {
    type: 'send',
    form: {
      mandrill_events:
        '[{"event":"send","_id":"exampleaaaaaaaaaaaaaaaaaaaaaaaaa","ts":1768470000,"msg":{"_id":"exampleaaaaaaaaaaaaaaaaaaaaaaaaa","email":"bob@shop.example","subject":"Your receipt","state":"sent","tags":["receipt"]}}]',
    },
  },
]
