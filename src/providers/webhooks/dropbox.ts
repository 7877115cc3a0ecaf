import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Dropbox: X-Dropbox-Signature. */
export const dropbox: WebhookProvider = {
  name: 'dropbox',
  title: 'Dropbox',
  webhooks: {
    scheme: {
      id: 'dropbox',
      title: 'X-Dropbox-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Dropbox-Signature' },
        syntax: 'bare',
        encoding: 'hex',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'app secret' },
      timestamp: null,
      rotation: 'none',
      event: { thin: true },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'GET', when: [{ at: 'query:challenge' }] },
          signed: false,
          challenge: { at: 'query:challenge' },
          answer: { text: '{challenge}' },
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'dropbox/mdwebhook sample',
      sources: ['github dropbox/mdwebhook app.py'],
      notes: ['payload only names accounts with changes; fetch the rest'],
    },
    delivery: unknownDelivery,
  },
}
