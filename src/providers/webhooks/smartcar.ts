import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Smartcar: SC-Signature. */
export const smartcar: WebhookProvider = {
  name: 'smartcar',
  title: 'Smartcar',
  webhooks: {
    scheme: {
      id: 'smartcar',
      title: 'SC-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'SC-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'reserialized',
      key: { role: 'shared-secret', form: 'utf8', note: 'application management token' },
      timestamp: null,
      event: { unchecked: true },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'POST', when: [{ at: '/eventName', is: 'verify' }] },
          signed: false,
          // The same key signs deliveries, so what is digested for a stranger must not be JSON: it has a letter that is in
          // no number and no literal, or a hyphen where no number has one.
          challenge: {
            at: '/payload/challenge',
            matches: String.raw`[\w-]{0,63}(?:[b-dg-kmo-qv-zA-DF-Z_]|[\da-df-z]-)[\w-]{0,63}`,
          },
          hmac: 'sha256',
          answer: { json: { challenge: '{hmac}' } },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: 'smartcar 10.4.0 verifyPayload, hashChallenge',
      sources: ['npm smartcar 10.4.0 index.js'],
      notes: ['the SDK signs JSON.stringify of the parsed body; raw bytes that are not canonical fail'],
    },
    delivery: unknownDelivery,
  },
}
