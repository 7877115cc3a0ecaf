import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** LiveKit: Authorization JWT. */
export const livekit: WebhookProvider = {
  name: 'livekit',
  title: 'LiveKit',
  webhooks: {
    scheme: {
      id: 'livekit',
      title: 'Authorization JWT',
      request: { method: 'POST', contentType: 'application/webhook+json' },
      signature: {
        type: 'jwt',
        hash: 'sha256',
        carrier: { in: 'header', name: 'Authorization' },
        syntax: 'jwt',
        encoding: 'base64url',
      },
      token: {
        algorithms: ['HS256'],
        bodyClaim: { name: 'sha256', hash: 'sha256', encoding: 'base64', required: true },
        claims: { iss: '{key_id}' },
        requiredClaims: ['exp'],
        clockToleranceMs: 10_000,
      },
      signedContent: '{jwt}',
      bodyForm: 'hashed',
      key: { role: 'shared-secret', form: 'utf8', id: 'required' },
      timestamp: {
        carrier: { in: 'jwt-claim', name: 'exp' },
        unit: 's',
        tolerancePastMs: 10_000,
        toleranceFutureMs: 10_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      event: { id: '/id', type: '/event', time: '/createdAt' },
      confidence: 'verified',
      verifiedAgainst: 'livekit-server-sdk 2.19.2 WebhookReceiver',
      sources: ['npm livekit-server-sdk 2.19.2'],
      notes: [
        'bare token, no Bearer word',
        'SDK exports the header name as Authorize, while servers send Authorization',
      ],
    },
    delivery: unknownDelivery,
  },
}
