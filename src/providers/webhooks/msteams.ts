import { secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Microsoft Teams: outgoing webhook, Authorization: HMAC. */
export const msteamsOutgoing: WebhookProvider = {
  name: 'msteams',
  title: 'Microsoft Teams',
  webhooks: {
    scheme: {
      id: 'msteams-outgoing',
      title: 'outgoing webhook, Authorization: HMAC',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Authorization' },
        syntax: 'bare',
        encoding: 'base64',
        prefix: 'HMAC ',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'base64' },
      timestamp: null,
      rotation: 'none',
      event: { id: '/id', type: '/type', time: '/timestamp', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'Microsoft Learn "Create an outgoing webhook"',
      sources: ['github MicrosoftDocs/msteams-docs add-outgoing-webhook.md'],
      notes: ['the reply message is the HTTP response body'],
    },
    delivery: {
      success: [200],
      answer: {
        status: 200,
        contentType: 'application/json',
        body: '{"type":"message","text":"Received."}',
        mustContain: '"text"',
      },
      timeoutMs: 5 * secondMs,
      retryAfterMs: [],
      synchronous: true,
      basis: 'documented',
    },
  },
}
