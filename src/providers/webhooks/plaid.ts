import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Plaid: Plaid-Verification JWT. */
export const plaid: WebhookProvider = {
  name: 'plaid',
  title: 'Plaid',
  webhooks: {
    scheme: {
      id: 'plaid',
      title: 'Plaid-Verification JWT',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'jwt',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Plaid-Verification' },
        syntax: 'jwt',
        encoding: 'base64url',
      },
      token: {
        algorithms: ['ES256'],
        bodyClaim: { name: 'request_body_sha256', hash: 'sha256', encoding: 'hex', required: true },
      },
      signedContent: '{jwt}',
      bodyForm: 'hashed',
      key: {
        role: 'public-key',
        form: 'jwks-by-kid',
        keySet: {
          kind: 'jwk',
          url: 'https://{config:environment}.plaid.com/webhook_verification_key/get',
          allowed: { host: String.raw`(production|sandbox)\.plaid\.com` },
          ask: { client_id: '{config:client_id}', secret: '{config:secret}', key_id: '{kid}' },
          keyAt: '/key',
          expiredAt: '/key/expired_at',
        },
      },
      timestamp: {
        carrier: { in: 'jwt-claim', name: 'iat' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'docs',
        signed: true,
      },
      rotation: 'keys are chosen by kid and carry created_at and expired_at; unknown kid means fetch, then refuse',
      event: { type: '/webhook_type + /webhook_code', unchecked: true },
      confidence: 'documented',
      verifiedAgainst: 'Plaid docs "Verify webhooks"; judged with jose 6.2.17',
      sources: ['plaid.com/docs/api/webhooks/webhook-verification'],
      notes: ['the page sets no limit ahead; 300 s is ours'],
    },
    delivery: unknownDelivery,
  },
}
