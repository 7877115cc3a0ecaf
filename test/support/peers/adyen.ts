import { hmacValidator as HmacValidator } from '@adyen/api-library'
import fc from 'fast-check'
import { headerOf, same, type Peer } from './peer.ts'

const hexKeys = same(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => Buffer.from(key).toString('hex')))

const validator = new HmacValidator()

export const adyenPlatformPeer: Peer = {
  library: '@adyen/api-library validateHMACSignature',
  scheme: 'adyen-platform',
  keys: hexKeys,
  verifier: (key) => (delivery) =>
    validator.validateHMACSignature(key, headerOf(delivery, 'hmacsignature'), delivery.body.toString()),
  sign: ({ body }, key) => ({ hmacsignature: validator.calculateHmac(body.toString(), key) }),
}

/** What one item of a notification may hold: the library reads it as it was parsed. */
const field = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('AUTHORISATION', 'a:b', String.raw`a\:b`, '', null, true, 0, 1.5, 1e21),
)
const item = fc.record(
  {
    pspReference: field,
    originalReference: field,
    merchantAccountCode: field,
    merchantReference: field,
    amount: fc.record({ value: fc.integer(), currency: fc.constantFrom('EUR', 'JPY') }),
    eventCode: field,
    success: fc.constantFrom('true', 'false'),
    paymentMethod: field,
  },
  { requiredKeys: ['pspReference', 'merchantAccountCode', 'merchantReference', 'amount', 'eventCode', 'success'] },
)

export const adyenPaymentsPeer: Peer = {
  library: '@adyen/api-library validateHMAC',
  scheme: 'adyen-payments',
  keys: hexKeys,
  bodies: fc
    .array(item, { minLength: 1, maxLength: 3 })
    .map((items) => ({ live: 'false', notificationItems: items.map((each) => ({ NotificationRequestItem: each })) }))
    .map((notification) => Buffer.from(JSON.stringify(notification))),
  verifier: (key) => (delivery) => {
    const { notificationItems } = JSON.parse(new TextDecoder().decode(delivery.body)) as Notification
    return notificationItems.every((each) => validator.validateHMAC(each.NotificationRequestItem, key))
  },
}

interface Notification {
  readonly notificationItems: readonly {
    readonly NotificationRequestItem: Parameters<typeof validator.validateHMAC>[0]
  }[]
}
