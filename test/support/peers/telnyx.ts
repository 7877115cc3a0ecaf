import { TelnyxWebhook } from 'telnyx/lib/webhooks.js'
import { ed25519Keys } from './key-pairs.ts'
import { type Peer } from './peer.ts'

export const telnyxPeer: Peer = {
  library: 'telnyx',
  scheme: 'telnyx',
  keys: ed25519Keys('base64'),
  verifier(key) {
    const webhook = new TelnyxWebhook(key)
    return async ({ body, headers }) => {
      await webhook.verify(body.toString(), headers)
      return true
    }
  },
}
