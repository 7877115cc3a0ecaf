import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Bitbucket: X-Hub-Signature. */
export const bitbucket: WebhookProvider = {
  name: 'bitbucket',
  title: 'Bitbucket',
  webhooks: {
    scheme: {
      id: 'bitbucket',
      title: 'X-Hub-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Hub-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'sha256=',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: 'header:X-Request-UUID', type: 'header:X-Event-Key', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'Atlassian webhook docs as quoted in a typed client',
      sources: ['support.atlassian.com manage webhooks', 'coderabbitai bitbucket typings'],
      notes: ['same header name as GitHub legacy, other algorithm'],
    },
    delivery: {
      ...unknownDelivery,
      attemptHeaders: { number: 'X-Attempt-Number', startsAt: 1, onFirst: true },
    },
  },
}
