import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** ElevenLabs: ElevenLabs-Signature. */
export const elevenlabs: WebhookProvider = {
  name: 'elevenlabs',
  title: 'ElevenLabs',
  webhooks: {
    scheme: {
      id: 'elevenlabs',
      title: 'ElevenLabs-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'ElevenLabs-Signature' },
        syntax: 'pairs',
        encoding: 'hex',
        itemSeparator: ',',
        pairSeparator: '=',
        signatureField: 'v0',
        timestampField: 't',
        hexCase: 'exact',
      },
      signedContent: '{ts}.{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'signature-field', name: 't' },
        unit: 's',
        tolerancePastMs: 1_800_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      event: { type: '/type', time: '/event_timestamp', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@elevenlabs/elevenlabs-js 2.73.0 webhooks.constructEvent',
      sources: ['npm @elevenlabs/elevenlabs-js 2.73.0 wrapper/webhooks.js'],
      notes: ['tolerance 30 minutes'],
    },
    delivery: unknownDelivery,
  },
}
