import { adyenPaymentsPeer, adyenPlatformPeer } from './adyen.ts'
import { boltPeer } from './bolt.ts'
import { discordPeer } from './discord.ts'
import { hubspotV1Peer, hubspotV2Peer, hubspotV3Peer } from './hubspot.ts'
import { octokitPeer } from './octokit.ts'
import { type Peer } from './peer.ts'
import { sendgridPeer } from './sendgrid.ts'
import { shopifyEventsPeer, shopifyPeer } from './shopify.ts'
import { snsV1Peer, snsV2Peer } from './sns.ts'
import { squarePeer } from './square.ts'
import { standardWebhooksPeer } from './standardwebhooks.ts'
import { stripePeer } from './stripe.ts'
import { svixPeer } from './svix.ts'
import { telnyxPeer } from './telnyx.ts'
import { twilioFormPeer, twilioJsonPeer } from './twilio.ts'

/** Every official library that is asked for its verdict, unmodified from npm. */
export const allPeers: readonly Peer[] = [
  stripePeer,
  octokitPeer,
  boltPeer,
  twilioFormPeer,
  twilioJsonPeer,
  sendgridPeer,
  svixPeer,
  standardWebhooksPeer,
  squarePeer,
  adyenPaymentsPeer,
  adyenPlatformPeer,
  discordPeer,
  shopifyPeer,
  shopifyEventsPeer,
  hubspotV1Peer,
  hubspotV2Peer,
  hubspotV3Peer,
  telnyxPeer,
  snsV1Peer,
  snsV2Peer,
]
