import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** WorkOS: WorkOS-Signature. */
export const workos: WebhookProvider = {
  name: 'workos',
  title: 'WorkOS',
  webhooks: {
    scheme: {
      id: 'workos',
      title: 'WorkOS-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'WorkOS-Signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'v1',
        timestampField: 't',
        trim: true,
        hexCase: 'exact',
      },
      signedContent: '{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 't' },
        unit: 'ms',
        tolerancePastMs: 180_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'none',
      event: { id: '/id', type: '/event', time: '/created_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@workos-inc/node 11.0.0 webhooks.verifyHeader',
      sources: ['npm @workos-inc/node 11.0.0'],
      notes: [
        'milliseconds',
        'SDK reads by position and ignores labels',
        'Actions use the same header with 30 s tolerance and need a signed response',
      ],
    },
    delivery: unknownDelivery,
  },
}
