import { type WebhookExample } from '../webhook-example.ts'

const account = 'AC00000000000000000000000000000042'
const sms = 'SM00000000000000000000000000000042'

export const twilioForm: readonly WebhookExample[] = [
  {
    type: 'sms-status',
    form: {
      AccountSid: account,
      MessageSid: sms,
      SmsSid: sms,
      MessageStatus: 'delivered',
      SmsStatus: 'delivered',
      From: '+15005550006',
      To: '+15005550009',
      ApiVersion: '2010-04-01',
    },
  },
  {
    type: 'incoming-sms',
    form: {
      AccountSid: account,
      MessageSid: sms,
      SmsSid: sms,
      From: '+15005550009',
      To: '+15005550006',
      Body: 'Is the fence up?',
      NumMedia: '0',
      NumSegments: '1',
      ApiVersion: '2010-04-01',
    },
  },
]
