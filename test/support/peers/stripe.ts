import fc from 'fast-check'
import { Stripe } from 'stripe'
import { headerOf, same, type Peer } from './peer.ts'

const { webhooks } = new Stripe('sk_test_unused')

export const stripePeer: Peer = {
  library: 'stripe',
  scheme: 'stripe',
  keys: same(fc.stringMatching(/^[0-9a-zA-Z]{32}$/).map((text) => `whsec_${text}`)),
  verifier: (key) => (delivery, nowMs) => {
    // `constructEvent` is this and a JSON parser.
    const header = headerOf(delivery, 'stripe-signature')
    return webhooks.signature?.verifyHeader(delivery.body, header, key, 300, undefined, nowMs) === true
  },
  sign: ({ body }, secret, nowMs) => ({
    'stripe-signature': webhooks.generateTestHeaderString({
      payload: body.toString(),
      secret,
      timestamp: Math.floor(nowMs / 1000),
    }),
  }),
}
