import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Braintree: bt_signature and bt_payload form fields. */
export const braintree: WebhookProvider = {
  name: 'braintree',
  title: 'Braintree',
  webhooks: {
    scheme: {
      id: 'braintree',
      title: 'bt_signature and bt_payload form fields',
      request: { method: 'POST', contentType: 'application/x-www-form-urlencoded' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'form', name: 'bt_signature' },
        syntax: 'keyed-list',
        encoding: 'hex',
        itemSeparator: '&',
        pairSeparator: '|',
        match: 'own-key-id',
        hexCase: 'exact',
      },
      signedContent: '{form:bt_payload}',
      verifyAlternatives: ['{form:bt_payload}\n'],
      // What is digested for a stranger as a challenge is no payload: that of XML never looks like it.
      contentPattern: { field: 'bt_payload', pattern: '^(?![a-f0-9]{20,32}\\n?$)[A-Za-z0-9+=/\\n]*$' },
      bodyForm: 'decoded-form',
      key: { role: 'shared-secret', form: 'sha1-of-utf8', id: 'required' },
      timestamp: null,
      rotation: 'header value may list several publicKeyId|digest pairs; the pair with our public key id counts',
      event: { type: 'xml:/notification/kind', time: 'xml:/notification/timestamp' },
      handshakes: [
        {
          kind: 'echo',
          request: { method: 'GET', when: [{ at: 'query:bt_challenge' }] },
          signed: false,
          challenge: { at: 'query:bt_challenge', matches: '[a-f0-9]{20,32}' },
          hmac: 'sha1',
          answer: { text: '{key_id}|{hmac}' },
        },
      ],
      confidence: 'verified',
      verifiedAgainst: 'braintree 3.40.0 webhookNotification.parse, verify and webhookTesting',
      sources: ['npm braintree 3.40.0 webhook_notification_gateway.js, digest.js'],
      notes: [
        'payload is base64 of XML with a line break every 60 to 76 characters and a final newline; the base64 text is signed',
        'payload may only contain A-Z a-z 0-9 + / = and newline',
      ],
    },
    delivery: unknownDelivery,
  },
}
