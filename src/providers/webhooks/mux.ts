import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Mux: mux-signature. */
export const mux: WebhookProvider = {
  name: 'mux',
  title: 'Mux',
  webhooks: {
    scheme: {
      id: 'mux',
      title: 'mux-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'mux-signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'v1',
        timestampField: 't',
        match: 'any',
        hexCase: 'exact',
      },
      signedContent: '{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 't' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'several v1 entries; any match counts',
      event: { id: '/id', type: '/type', time: '/created_at', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@mux/mux-node 15.3.0 webhooks.verifySignature',
      sources: ['npm @mux/mux-node 15.3.0'],
    },
    delivery: unknownDelivery,
  },
}
