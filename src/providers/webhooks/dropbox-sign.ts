import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Dropbox Sign: event_hash in the payload. */
export const dropboxSign: WebhookProvider = {
  name: 'dropbox-sign',
  title: 'Dropbox Sign',
  webhooks: {
    scheme: {
      id: 'dropbox-sign',
      title: 'event_hash in the payload',
      request: { method: 'POST', contentType: 'multipart/form-data' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'multipart-json', name: '/event/event_hash', field: 'json' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{json:/event/event_time}{json:/event/event_type}',
      bodyForm: 'not-signed',
      key: { role: 'shared-secret', form: 'utf8', note: 'API key' },
      timestamp: {
        carrier: { in: 'json', name: '/event/event_time' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      rotation: 'none',
      event: { type: '/event/event_type', time: '/event/event_time' },
      confidence: 'verified',
      verifiedAgainst: '@dropbox/sign 1.11.0 EventCallbackHelper.isValid',
      sources: ['npm @dropbox/sign 1.11.0'],
      notes: ['only time and type are signed', 'success needs a certain text in the response body'],
    },
    delivery: {
      ...unknownDelivery,
      success: [200],
      answer: {
        status: 200,
        contentType: 'text/plain',
        body: 'Hello API Event Received',
        mustContain: 'Hello API Event Received',
      },
      assumed: ['timeoutMs', 'retryAfterMs'],
    },
  },
}
