import { WebhooksHelper } from 'square'
import { headerOf, hookUrl, textKeys, type Peer } from './peer.ts'

export const squarePeer: Peer = {
  library: 'square',
  scheme: 'square',
  keys: textKeys,
  config: { notification_url: hookUrl },
  verifier: (signatureKey) => (delivery) =>
    WebhooksHelper.verifySignature({
      requestBody: delivery.body.toString(),
      signatureHeader: headerOf(delivery, 'x-square-hmacsha256-signature'),
      signatureKey,
      notificationUrl: hookUrl,
    }),
}
