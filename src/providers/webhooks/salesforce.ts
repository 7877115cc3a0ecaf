import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Salesforce: outbound messages (SOAP). */
export const salesforceOutbound: WebhookProvider = {
  name: 'salesforce',
  title: 'Salesforce',
  webhooks: {
    scheme: {
      id: 'salesforce-outbound',
      title: 'outbound messages (SOAP)',
      request: { method: 'POST', contentType: 'text/xml' },
      signature: { type: 'none', syntax: 'none' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'none', form: 'none' },
      timestamp: null,
      event: { id: 'xml://Notification/Id', type: 'xml://sObject/@type' },
      confidence: 'documented',
      verifiedAgainst: 'Salesforce SOAP API guide "Understanding notifications"',
      sources: ['developer.salesforce.com outbound messaging notifications'],
      notes: [
        'success is in the response body, not only in the status',
        'up to 100 notifications a message; OrganizationId is the only identity check besides mutual TLS',
      ],
    },
    delivery: unknownDelivery,
  },
}
