import { secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** WooCommerce: X-WC-Webhook-Signature. */
export const woocommerce: WebhookProvider = {
  name: 'woocommerce',
  title: 'WooCommerce',
  webhooks: {
    scheme: {
      id: 'woocommerce',
      title: 'X-WC-Webhook-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-WC-Webhook-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      rotation: 'none',
      event: { id: 'header:X-WC-Webhook-Delivery-ID', type: 'header:X-WC-Webhook-Topic' },
      handshakes: [
        {
          kind: 'acknowledge',
          request: {
            method: 'POST',
            when: [
              { at: 'form:webhook_id', matches: String.raw`\d{1,20}` },
              { at: 'header:X-WC-Webhook-Signature', holds: 'nothing' },
            ],
          },
          signed: false,
          answer: { status: 200 },
        },
      ],
      confidence: 'documented',
      verifiedAgainst: 'woocommerce class-wc-webhook.php',
      sources: ['github woocommerce/woocommerce includes/class-wc-webhook.php (00e1bc4)'],
      notes: [
        'secret passes through HTML-entity decoding before use',
        'delivery id is a hash of webhook id and second, so two deliveries in one second share it',
      ],
    },
    delivery: {
      success: ['2xx', 301, 302],
      timeoutMs: 60 * secondMs,
      retryAfterMs: [],
      disable: { attempts: 6 },
      basis: 'source',
    },
  },
}
