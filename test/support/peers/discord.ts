import { verifyKey } from 'discord-interactions'
import { ed25519Keys } from './key-pairs.ts'
import { headerOf, type Peer } from './peer.ts'

export const discordPeer: Peer = {
  library: 'discord-interactions',
  scheme: 'discord',
  keys: ed25519Keys('hex'),
  verifier: (key) => (delivery) =>
    verifyKey(
      delivery.body,
      headerOf(delivery, 'x-signature-ed25519'),
      headerOf(delivery, 'x-signature-timestamp'),
      key,
    ),
}
