import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Mailchimp Transactional (Mandrill): X-Mandrill-Signature. */
export const mandrill: WebhookProvider = {
  name: 'mandrill',
  title: 'Mailchimp Transactional (Mandrill)',
  webhooks: {
    scheme: {
      id: 'mandrill',
      title: 'X-Mandrill-Signature',
      request: { method: 'POST', contentType: 'application/x-www-form-urlencoded' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Mandrill-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{config:notification_url}{form_sorted_concat}',
      bodyForm: 'decoded-form',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: {
        id: 'form-json:mandrill_events:/*/_id',
        type: 'form-json:mandrill_events:/*/event',
        time: 'form-json:mandrill_events:/*/ts',
        unchecked: true,
      },
      handshakes: [
        {
          kind: 'acknowledge',
          request: { method: 'HEAD', when: [] },
          signed: false,
          answer: { status: 200 },
          basis: 'unchecked',
        },
        {
          kind: 'acknowledge',
          request: { method: 'POST', when: [{ at: 'form:mandrill_events', is: '[]' }] },
          signed: false,
          answer: { status: 200 },
          basis: 'unchecked',
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'Mandrill help "How to authenticate webhook requests"',
      sources: ['mandrill.zendesk.com 205583257'],
      notes: [
        'one form field mandrill_events holding a JSON array',
        'handshake from general knowledge, not checked',
        'names sorted; name+value, no separators; decoded values',
      ],
    },
    delivery: unknownDelivery,
  },
}
