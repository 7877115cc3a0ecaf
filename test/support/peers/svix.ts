import { Webhook } from 'svix'
import { headerOf, type Peer } from './peer.ts'
import { symmetricKeys } from './standardwebhooks.ts'

export const svixPeer: Peer = {
  library: 'svix',
  scheme: 'svix',
  keys: symmetricKeys,
  headers: { 'svix-id': 'msg_2f' },
  verifier(key) {
    const webhook = new Webhook(key)
    return ({ body, headers }) => {
      webhook.verify(body, headers)
      return true
    }
  },
  sign(delivery, key, nowMs) {
    const signature = new Webhook(key).sign(headerOf(delivery, 'svix-id'), new Date(nowMs), delivery.body)
    return { 'svix-timestamp': String(Math.floor(nowMs / 1000)), 'svix-signature': signature }
  },
}
