import { EventWebhook } from '@sendgrid/eventwebhook'
import { ecdsaKeys } from './key-pairs.ts'
import { headerOf, type Peer } from './peer.ts'

const webhook = new EventWebhook()

export const sendgridPeer: Peer = {
  library: '@sendgrid/eventwebhook',
  scheme: 'sendgrid',
  keys: ecdsaKeys,
  // A verification in pure JavaScript takes eight milliseconds.
  numRuns: 600,
  verifier(key) {
    const publicKey = webhook.convertPublicKeyToECDSA(key)
    return (delivery) =>
      webhook.verifySignature(
        publicKey,
        delivery.body,
        headerOf(delivery, 'x-twilio-email-event-webhook-signature'),
        headerOf(delivery, 'x-twilio-email-event-webhook-timestamp'),
      )
  },
}
