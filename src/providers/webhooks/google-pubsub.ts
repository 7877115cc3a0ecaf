import { dayMs, doublingPauses, hourMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Google Cloud Pub/Sub: push with OIDC token. */
export const googlePubsubPush: WebhookProvider = {
  name: 'google-pubsub',
  title: 'Google Cloud Pub/Sub',
  webhooks: {
    scheme: {
      id: 'google-pubsub-push',
      title: 'push with OIDC token',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'jwt',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Authorization' },
        syntax: 'jwt',
        encoding: 'base64url',
        prefix: 'Bearer ',
      },
      token: {
        algorithms: ['RS256'],
        claims: {
          aud: '{config:audience}',
          iss: ['https://accounts.google.com', 'accounts.google.com'],
          email: '{config:email}',
          email_verified: true,
        },
        requiredClaims: ['iat', 'exp'],
        clockToleranceMs: 300_000,
      },
      signedContent: '{jwt}',
      bodyForm: 'not-signed',
      key: {
        role: 'public-key',
        form: 'jwks-by-kid',
        keySet: {
          kind: 'jwks',
          url: 'https://www.googleapis.com/oauth2/v3/certs',
          allowed: { host: String.raw`www\.googleapis\.com`, pathEnd: '/certs' },
        },
      },
      timestamp: {
        carrier: { in: 'jwt-claim', name: 'exp' },
        unit: 's',
        tolerancePastMs: 300_000,
        toleranceFutureMs: 300_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'key set by kid',
      event: { id: '/message/messageId', time: '/message/publishTime' },
      confidence: 'verified',
      verifiedAgainst: 'google-auth-library 11.3.4 verifySignedJwtWithCertsAsync',
      sources: ['npm google-auth-library 11.3.4', 'cloud.google.com/pubsub/docs/push, authenticate-push-subscriptions'],
      notes: [
        'the body is not bound to the token; tokens may be up to an hour old and are reused',
        'message.data is base64',
      ],
    },
    delivery: {
      success: [102, 200, 201, 202, 204],
      timeoutMs: 10 * secondMs,
      retryAfterMs: doublingPauses({ fromMs: 10 * secondMs, upToMs: hourMs, withinMs: 7 * dayMs }),
      windowMs: 7 * dayMs,
      order: 'per-key',
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs', 'windowMs'],
      notes: [
        'the ack deadline and the retention of the subscription decide',
        'in order only with ordering keys',
        'at least once',
      ],
    },
  },
}
