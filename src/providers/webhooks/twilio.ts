import { unknownDelivery } from '../delivery-facts.ts'
import { secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Twilio: X-Twilio-Signature over URL and form. */
export const twilioForm: WebhookProvider = {
  name: 'twilio',
  title: 'Twilio',
  webhooks: {
    scheme: {
      id: 'twilio-form',
      title: 'X-Twilio-Signature over URL and form',
      request: { method: 'POST', contentType: 'application/x-www-form-urlencoded' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Twilio-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{url}{form_sorted_concat}',
      bodyForm: 'decoded-form',
      urlVariants: true,
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: 'header:I-Twilio-Idempotency-Token', unchecked: true, version: 'form:ApiVersion' },
      confidence: 'verified',
      verifiedAgainst: 'twilio 6.2.0 validateRequest',
      sources: ['npm twilio 6.2.0 lib/webhooks/webhooks.js'],
      notes: [
        'GET webhooks carry everything in the URL and sign no form',
        'no delimiters: name and value boundaries are ambiguous by design',
        'names sorted by UTF-16 code unit; repeated names: distinct values, sorted, each written as name+value; no separators; values percent-decoded',
        'full URL with query as configured; verifier also tries it with and without the default port and, last, as normalised by a URL parser',
      ],
    },
    delivery: { ...unknownDelivery, timeoutMs: 15 * secondMs, assumed: ['success', 'retryAfterMs'] },
  },
}

/** Twilio: X-Twilio-Signature with bodySHA256. */
export const twilioJson: WebhookProvider = {
  name: 'twilio',
  title: 'Twilio',
  webhooks: {
    scheme: {
      id: 'twilio-json',
      title: 'X-Twilio-Signature with bodySHA256',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Twilio-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{url}',
      bodyForm: 'hashed',
      urlVariants: true,
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      bodyHash: { carrier: { in: 'query', name: 'bodySHA256' }, hash: 'sha256', encoding: 'hex' },
      rotation: 'none documented; accept several configured keys and try each',
      event: { id: 'header:I-Twilio-Idempotency-Token', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'twilio 6.2.0 validateRequestWithBody',
      sources: ['npm twilio 6.2.0 lib/webhooks/webhooks.js'],
      notes: ['the URL as in twilio-form'],
    },
    delivery: unknownDelivery,
  },
}
