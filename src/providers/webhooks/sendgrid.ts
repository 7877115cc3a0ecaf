import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** SendGrid: signed event webhook. */
export const sendgrid: WebhookProvider = {
  name: 'sendgrid',
  title: 'SendGrid',
  webhooks: {
    scheme: {
      id: 'sendgrid',
      title: 'signed event webhook',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'ecdsa',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Twilio-Email-Event-Webhook-Signature' },
        syntax: 'bare',
        encoding: 'base64',
        curve: 'P-256',
      },
      signedContent: '{ts}{body}',
      bodyForm: 'raw',
      key: { role: 'public-key', form: 'spki-base64' },
      timestamp: {
        carrier: { in: 'header', name: 'X-Twilio-Email-Event-Webhook-Timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      rotation: 'none',
      event: { id: '/*/sg_event_id', type: '/*/event', time: '/*/timestamp', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@sendgrid/eventwebhook 8.0.0 EventWebhook.verifySignature',
      sources: ['npm @sendgrid/eventwebhook 8.0.0'],
      notes: [
        'no delimiter between timestamp and body',
        'SDK does no freshness check',
        'body is a JSON array of events',
      ],
    },
    delivery: unknownDelivery,
  },
}
