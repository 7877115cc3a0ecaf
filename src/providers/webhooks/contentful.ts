import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Contentful: signed app requests (canonical request). */
export const contentfulApp: WebhookProvider = {
  name: 'contentful',
  title: 'Contentful',
  webhooks: {
    scheme: {
      id: 'contentful-app',
      title: 'signed app requests (canonical request)',
      request: { method: 'POST', contentType: 'application/vnd.contentful.management.v1+json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-contentful-signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{method}\n{path}\n{signed_headers}\n{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', length: 64 },
      timestamp: {
        carrier: { in: 'header', name: 'x-contentful-timestamp' },
        unit: 'ms',
        tolerancePastMs: 30_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      signedHeaders: { listHeader: 'x-contentful-signed-headers', separator: ',', join: ';' },
      rotation: 'none',
      event: { type: 'header:x-contentful-topic', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@contentful/node-apps-toolkit 3.16.1 verifyRequest',
      sources: ['npm @contentful/node-apps-toolkit 3.16.1 requests'],
      notes: [
        'the list and timestamp headers are themselves among the signed headers',
        'SDK never rejects future timestamps',
        'path plus query; the query string is percent-escaped as a whole, then the URI is encoded',
      ],
    },
    delivery: unknownDelivery,
  },
}

/** Contentful: content webhooks. */
export const contentfulWebhook: WebhookProvider = {
  name: 'contentful',
  title: 'Contentful',
  webhooks: {
    scheme: {
      id: 'contentful-webhook',
      title: 'content webhooks',
      request: { method: 'POST', contentType: 'application/json' },
      signature: { type: 'token', carrier: { in: 'header', name: '{config:header_name}' }, syntax: 'bare' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'token', form: 'utf8' },
      timestamp: null,
      event: { type: 'header:X-Contentful-Topic', unchecked: true },
      confidence: 'uncertain',
      verifiedAgainst:
        'signing of content webhooks shares the app-request scheme (contentful-app); not checked separately',
      sources: ['npm @contentful/node-apps-toolkit 3.16.1'],
    },
    delivery: unknownDelivery,
  },
}
