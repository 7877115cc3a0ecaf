import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** DocuSign: X-DocuSign-Signature-1..N. */
export const docusign: WebhookProvider = {
  name: 'docusign',
  title: 'DocuSign',
  webhooks: {
    scheme: {
      id: 'docusign',
      title: 'X-DocuSign-Signature-1..N',
      request: { method: 'POST', contentType: 'application/json', otherContentTypes: ['text/xml'] },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-DocuSign-Signature-1' },
        carriersPattern: 'X-DocuSign-Signature-{n}',
        syntax: 'bare',
        encoding: 'base64',
        match: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'one numbered header per key; any match counts',
      event: { type: '/event', time: '/generatedDateTime', unchecked: true, version: '/apiVersion' },
      confidence: 'documented',
      verifiedAgainst: 'docusign/code-examples-node isHashValid (run over the vectors)',
      sources: ['github docusign/code-examples-node lib/connect/examples/validateWebhookMessage.js'],
      notes: ['sample decodes base64 leniently', 'keys: up to 100 (secondary)'],
    },
    delivery: unknownDelivery,
  },
}
