import { sign, verify } from '@octokit/webhooks-methods'
import { headerOf, textKeys, type Peer } from './peer.ts'

export const octokitPeer: Peer = {
  library: '@octokit/webhooks-methods',
  scheme: 'github',
  keys: textKeys,
  verifier: (key) => (delivery) => verify(key, delivery.body.toString(), headerOf(delivery, 'x-hub-signature-256')),
  sign: async ({ body }, key) => ({ 'x-hub-signature-256': await sign(key, body.toString()) }),
}
