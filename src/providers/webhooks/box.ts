import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Box: BOX-SIGNATURE-PRIMARY and -SECONDARY. */
export const box: WebhookProvider = {
  name: 'box',
  title: 'Box',
  webhooks: {
    scheme: {
      id: 'box',
      title: 'BOX-SIGNATURE-PRIMARY and -SECONDARY',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'BOX-SIGNATURE-PRIMARY' },
        carriers: [
          { name: 'BOX-SIGNATURE-PRIMARY', keyId: 'primary' },
          { name: 'BOX-SIGNATURE-SECONDARY', keyId: 'secondary' },
        ],
        syntax: 'bare',
        encoding: 'base64',
        match: 'any',
      },
      signedContent: '{body}{ts}',
      verifyAlternatives: ['{body_escaped}{ts}'],
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', id: 'optional', ids: ['primary', 'secondary'] },
      timestamp: {
        carrier: { in: 'header', name: 'BOX-DELIVERY-TIMESTAMP' },
        unit: 'iso8601',
        tolerancePastMs: 600_000,
        toleranceFutureMs: 0,
        toleranceBasis: 'sdk',
        signed: true,
      },
      fixedHeaders: { 'BOX-SIGNATURE-VERSION': '1', 'BOX-SIGNATURE-ALGORITHM': 'HmacSHA256' },
      rotation: 'two keys, two headers; each header is checked with its own key; one match is enough',
      event: { id: '/id', type: '/trigger', time: '/created_at' },
      confidence: 'verified',
      verifiedAgainst: 'box-node-sdk 10.12.0 validateMessage',
      sources: ['npm box-node-sdk 10.12.0', 'github box/developer.box.com webhooks/v2'],
      notes: [
        'timestamp text (RFC 3339) is signed after the body',
        'SDK also tries the body with non-ASCII as \\\\uXXXX and slashes escaped',
        'a timestamp in the future is refused without skew',
        'keys: 2',
      ],
    },
    delivery: {
      ...unknownDelivery,
      notes: ['BOX-DELIVERY-ID changes when a delivery is repeated, the id in the body does not'],
    },
  },
}
