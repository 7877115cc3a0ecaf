import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Mollie: next-generation webhooks. */
export const mollie: WebhookProvider = {
  name: 'mollie',
  title: 'Mollie',
  webhooks: {
    scheme: {
      id: 'mollie',
      title: 'next-generation webhooks',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Mollie-Signature' },
        repeatable: true,
        syntax: 'bare',
        encoding: 'hex',
        prefix: 'sha256=',
        prefixOptional: true,
        match: 'any',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'several signature headers and several configured secrets; any pair that matches counts',
      event: { id: '/id', type: '/type', time: '/createdAt', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'mollie-api-php SignatureValidator (commit 53e49e7, run with PHP 8.2 over the vectors)',
      sources: ['github mollie/mollie-api-php src/Webhooks/SignatureValidator.php, docs/webhooks.md'],
      notes: ['no signature header means a legacy webhook, which is unsigned; see mollie-classic'],
    },
    delivery: unknownDelivery,
  },
}

/** Mollie: classic payment webhook (unsigned). */
export const mollieClassic: WebhookProvider = {
  name: 'mollie',
  title: 'Mollie',
  webhooks: {
    scheme: {
      id: 'mollie-classic',
      title: 'classic payment webhook (unsigned)',
      request: { method: 'POST', contentType: 'application/x-www-form-urlencoded' },
      signature: { type: 'none', syntax: 'none' },
      signedContent: null,
      bodyForm: 'not-signed',
      key: { role: 'none', form: 'none' },
      timestamp: null,
      event: { thin: true },
      confidence: 'documented',
      verifiedAgainst: 'mollie-api-php docs',
      sources: ['github mollie/mollie-api-php docs/webhooks.md'],
      notes: ['body is id=tr_...; the receiver must fetch the object from the API'],
    },
    delivery: unknownDelivery,
  },
}
