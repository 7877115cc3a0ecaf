import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Meta (Facebook, Instagram, WhatsApp): X-Hub-Signature-256. */
export const meta: WebhookProvider = {
  name: 'meta',
  title: 'Meta (Facebook, Instagram, WhatsApp)',
  webhooks: {
    scheme: {
      id: 'meta',
      title: 'X-Hub-Signature-256',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Hub-Signature-256' },
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'sha256=',
        hexCase: 'exact',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'app secret' },
      timestamp: null,
      rotation: 'none',
      event: { type: '/object', time: '/entry/*/time', unchecked: true },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'GET', when: [{ at: 'query:hub.mode', is: 'subscribe' }, { at: 'query:hub.challenge' }] },
          signed: false,
          expects: { at: 'query:hub.verify_token', config: 'verify_token' },
          challenge: { at: 'query:hub.challenge' },
          answer: { text: '{challenge}' },
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Meta docs "Webhooks, getting started"',
      sources: ['developers.facebook.com/docs/graph-api/webhooks/getting-started'],
      notes: [
        'general knowledge, not checked: some payloads are signed over a form with escaped Unicode',
        'the id of an entry is that of the page or account that it is about, not of an event',
      ],
    },
    delivery: unknownDelivery,
  },
}
