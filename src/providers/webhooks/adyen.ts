import { type DeliveryFacts } from '../delivery-facts.ts'
import { hourMs, minuteMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

const delivery: DeliveryFacts = {
  success: '2xx',
  timeoutMs: 10 * secondMs,
  retryAfterMs: [
    9 * secondMs,
    18 * secondMs,
    27 * secondMs,
    2 * minuteMs,
    5 * minuteMs,
    10 * minuteMs,
    15 * minuteMs,
    30 * minuteMs,
    1 * hourMs,
    2 * hourMs,
    4 * hourMs,
    8 * hourMs,
  ],
  basis: 'documented',
  assumed: ['timeoutMs', 'retryAfterMs'],
  notes: ['three first attempts at 9, 18 and 27 s, then a retry queue of the endpoint, whose pauses are assumed'],
}

/** Adyen: standard notification items, hmacSignature inside each item. */
export const adyenPayments: WebhookProvider = {
  name: 'adyen',
  title: 'Adyen',
  webhooks: {
    scheme: {
      id: 'adyen-payments',
      title: 'standard notification items, hmacSignature inside each item',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'json', name: '/additionalData/hmacSignature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent:
        '{json:/pspReference}:{json:/originalReference}:{json:/merchantAccountCode}:{json:/merchantReference}:{json:/amount/value}:{json:/amount/currency}:{json:/eventCode}:{json:/success}',
      bodyForm: 'parsed-fields',
      key: { role: 'shared-secret', form: 'hex' },
      timestamp: null,
      items: '/notificationItems/*/NotificationRequestItem',
      rotation: 'after a new key is generated the old one keeps signing for a while: accept both',
      event: {
        id: '/notificationItems/*/NotificationRequestItem/pspReference + /notificationItems/*/NotificationRequestItem/eventCode + /notificationItems/*/NotificationRequestItem/success',
        type: '/notificationItems/*/NotificationRequestItem/eventCode',
        time: '/notificationItems/*/NotificationRequestItem/eventDate',
      },
      confidence: 'verified',
      verifiedAgainst: '@adyen/api-library 32.1.0 hmacValidator',
      sources: [
        'npm @adyen/api-library 32.1.0 utils/hmacValidator.js',
        'docs.adyen.com development-resources/webhooks/troubleshoot',
      ],
      notes: [
        'missing fields count as empty strings',
        'values are not escaped in this form; a key/value map form of the same library escapes backslash and colon and sorts keys',
        'no single event id: pspReference+eventCode(+success) identifies an event',
        'every item must verify; an empty list is a failure',
      ],
    },
    delivery,
  },
}

/** Adyen: platform, balance and management webhooks. */
export const adyenPlatform: WebhookProvider = {
  name: 'adyen',
  title: 'Adyen',
  webhooks: {
    scheme: {
      id: 'adyen-platform',
      title: 'platform, balance and management webhooks',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'HmacSignature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'hex' },
      timestamp: null,
      rotation: 'after a new key is generated the old one keeps signing for a while: accept both',
      event: { type: '/type', time: '/timestamp', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@adyen/api-library 32.1.0 validateHMACSignature (header name from documentation knowledge)',
      sources: [
        'npm @adyen/api-library 32.1.0 utils/hmacValidator.js',
        'docs.adyen.com development-resources/webhooks/troubleshoot',
      ],
      notes: [
        'companion header Protocol: HmacSHA256',
        'validateBankingHMAC of the same SDK has its first two parameters swapped and is deprecated',
      ],
    },
    delivery,
  },
}
