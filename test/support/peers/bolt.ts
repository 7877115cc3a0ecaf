import { verifySlackRequest } from '@slack/bolt'
import { headerOf, textKeys, type Peer } from './peer.ts'

export const boltPeer: Peer = {
  library: '@slack/bolt',
  scheme: 'slack',
  keys: textKeys,
  verifier: (signingSecret) => (delivery, nowMilliseconds) => {
    verifySlackRequest({
      signingSecret,
      body: delivery.body.toString(),
      headers: {
        'x-slack-signature': headerOf(delivery, 'x-slack-signature'),
        'x-slack-request-timestamp': Number(headerOf(delivery, 'x-slack-request-timestamp')),
      },
      nowMilliseconds,
    })
    return true
  },
}
