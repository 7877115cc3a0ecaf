import { type DeliveryFacts } from '../delivery-facts.ts'
import { doublingPauses, hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

const delivery: DeliveryFacts = {
  success: '2xx',
  timeoutMs: 5 * secondMs,
  retryAfterMs: doublingPauses({ fromMs: minuteMs, upToMs: 90 * minuteMs, withinMs: 4 * hourMs, times: 8 }),
  windowMs: 4 * hourMs,
  disable: { events: 1 },
  basis: 'documented',
  assumed: ['retryAfterMs', 'disable'],
  notes: [
    '8 retries in 4 hours, exponential',
    'the subscription is removed after repeated failure',
    'duplicates are possible: the webhook id stays the same',
  ],
}

/** Shopify: X-Shopify-Hmac-Sha256. */
export const shopify: WebhookProvider = {
  name: 'shopify',
  title: 'Shopify',
  webhooks: {
    scheme: {
      id: 'shopify',
      title: 'X-Shopify-Hmac-Sha256',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Shopify-Hmac-Sha256' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'app client secret' },
      timestamp: null,
      requiredHeaders: ['X-Shopify-Topic', 'X-Shopify-Shop-Domain', 'X-Shopify-API-Version', 'X-Shopify-Webhook-Id'],
      rotation: 'none in the SDK',
      event: {
        id: 'header:X-Shopify-Webhook-Id',
        type: 'header:X-Shopify-Topic',
        time: 'header:X-Shopify-Triggered-At',
        version: 'header:X-Shopify-API-Version',
      },
      confidence: 'verified',
      verifiedAgainst: '@shopify/shopify-api 15.0.0 webhooks.validate',
      sources: [
        'npm @shopify/shopify-api 15.0.0 lib/webhooks',
        'shopify.dev changelog updates-to-webhook-retry-mechanism (2024-09-10)',
      ],
      notes: ['SDK refuses an empty body and missing companion headers'],
    },
    delivery,
  },
}

/** Shopify: shopify-hmac-sha256 (Events). */
export const shopifyEvents: WebhookProvider = {
  name: 'shopify',
  title: 'Shopify',
  webhooks: {
    scheme: {
      id: 'shopify-events',
      title: 'shopify-hmac-sha256 (Events)',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'shopify-hmac-sha256' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'app client secret' },
      timestamp: null,
      requiredHeaders: ['shopify-topic', 'shopify-shop-domain', 'shopify-api-version', 'shopify-webhook-id'],
      rotation: 'none in the SDK',
      event: {
        id: 'header:shopify-webhook-id',
        type: 'header:shopify-topic',
        time: 'header:shopify-triggered-at',
        version: 'header:shopify-api-version',
      },
      confidence: 'verified',
      verifiedAgainst: '@shopify/shopify-api 15.0.0 webhooks.validate',
      sources: [
        'npm @shopify/shopify-api 15.0.0 lib/webhooks',
        'shopify.dev changelog updates-to-webhook-retry-mechanism (2024-09-10)',
      ],
      notes: ['SDK refuses an empty body and missing companion headers'],
    },
    delivery,
  },
}
