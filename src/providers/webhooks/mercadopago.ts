import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Mercado Pago: x-signature manifest. */
export const mercadopago: WebhookProvider = {
  name: 'mercadopago',
  title: 'Mercado Pago',
  webhooks: {
    scheme: {
      id: 'mercadopago',
      title: 'x-signature manifest',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'x-signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'v1',
        timestampField: 'ts',
        trim: true,
        hexCase: 'exact',
      },
      signedContent: '[id:{query:data.id};][request-id:{header:x-request-id};]ts:{ts};',
      bodyForm: 'not-signed',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 'ts' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk-option',
        signed: true,
      },
      rotation: 'only the versions listed as supported are looked at (default v1)',
      event: { id: '/id', type: '/action', time: '/date_created', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'mercadopago 3.6.1 WebhookSignatureValidator',
      sources: ['npm mercadopago 3.6.1 dist/utils/webhook/index.js'],
      notes: [
        'the body is not signed at all; only the data.id query parameter, the request id and the time are',
        'square brackets mark parts left out when the value is absent',
        'QR code notifications are unsigned',
        'the library leaves the tolerance off unless one is given; 300 s is ours',
      ],
    },
    delivery: unknownDelivery,
  },
}
