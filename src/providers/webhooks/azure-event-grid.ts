import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Azure Event Grid: validation handshake; optional Entra token or query secret. */
export const azureEventGrid: WebhookProvider = {
  name: 'azure-event-grid',
  title: 'Azure Event Grid',
  webhooks: {
    scheme: {
      id: 'azure-event-grid',
      title: 'validation handshake; optional Entra token or query secret',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'query', name: '{config:query_name}' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      event: { id: '/*/id', type: '/*/eventType', time: '/*/eventTime' },
      confidence: 'documented',
      verifiedAgainst: 'Microsoft Learn Event Grid delivery and endpoint validation',
      sources: ['github MicrosoftDocs/azure-docs event-grid'],
      notes: ['CloudEvents schema uses OPTIONS with WebHook-Request-Origin instead (general knowledge, not checked)'],
    },
    delivery: unknownDelivery,
  },
}
