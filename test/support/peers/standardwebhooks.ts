import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { headerOf, same, type Keys, type Peer } from './peer.ts'

/** Keys of 24 to 64 bytes, as the specification asks, in the form in which they are issued. */
export const symmetricKeys: fc.Arbitrary<Keys> = same(
  fc.uint8Array({ minLength: 24, maxLength: 64 }).map((key) => `whsec_${Buffer.from(key).toString('base64')}`),
)

export const standardWebhooksPeer: Peer = {
  library: 'standardwebhooks',
  scheme: 'standard-webhooks',
  keys: symmetricKeys,
  headers: { 'webhook-id': 'msg_2f' },
  verifier(key) {
    const webhook = new Webhook(key)
    return ({ body, headers }) => {
      webhook.verify(body, headers, { jsonParse: false })
      return true
    }
  },
  sign(delivery, key, nowMs) {
    const signature = new Webhook(key).sign(headerOf(delivery, 'webhook-id'), new Date(nowMs), delivery.body)
    return { 'webhook-timestamp': String(Math.floor(nowMs / 1000)), 'webhook-signature': signature }
  },
}
