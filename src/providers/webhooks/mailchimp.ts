import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Mailchimp Marketing: unsigned form post. */
export const mailchimpMarketing: WebhookProvider = {
  name: 'mailchimp',
  title: 'Mailchimp Marketing',
  webhooks: {
    scheme: {
      id: 'mailchimp-marketing',
      title: 'unsigned form post',
      request: { method: 'POST', contentType: 'application/x-www-form-urlencoded' },
      signature: { type: 'none', syntax: 'none' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'none', form: 'none' },
      timestamp: null,
      event: { type: 'form:type', time: 'form:fired_at', unchecked: true },
      confidence: 'uncertain',
      verifiedAgainst: 'secondary: trigger.dev research notes',
      sources: ['github triggerdotdev/trigger.dev webhook-sources research notes'],
      notes: ['only a secret in the URL protects it'],
    },
    delivery: unknownDelivery,
  },
}
