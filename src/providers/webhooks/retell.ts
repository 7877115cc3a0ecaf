import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Retell AI: x-retell-signature. */
export const retell: WebhookProvider = {
  name: 'retell',
  title: 'Retell AI',
  webhooks: {
    scheme: {
      id: 'retell',
      title: 'x-retell-signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-retell-signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'd',
        timestampField: 'v',
        hexCase: 'any',
      },
      signedContent: '{body}{ts}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 'v' },
        unit: 'ms',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      event: { unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'retell-sdk 5.66.1 webhook_auth',
      sources: ['npm retell-sdk 5.66.1 lib/webhook_auth.js'],
      notes: ['timestamp comes after the body'],
    },
    delivery: unknownDelivery,
  },
}
