import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Bird (MessageBird): MessageBird-Signature-JWT. */
export const messagebirdJwt: WebhookProvider = {
  name: 'messagebird',
  title: 'Bird (MessageBird)',
  webhooks: {
    scheme: {
      id: 'messagebird-jwt',
      title: 'MessageBird-Signature-JWT',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'jwt',
        hash: 'sha256',
        carrier: { in: 'header', name: 'MessageBird-Signature-JWT' },
        syntax: 'jwt',
        encoding: 'base64url',
      },
      token: {
        algorithms: ['HS256', 'HS384', 'HS512'],
        bodyClaim: { name: 'payload_hash', hash: 'sha256', encoding: 'hex', required: 'with-body' },
        urlClaim: { name: 'url_hash', hash: 'sha256', encoding: 'hex', required: true },
        claims: { iss: 'MessageBird' },
        requiredClaims: ['jti'],
        clockToleranceMs: 5_000,
      },
      signedContent: '{jwt}',
      bodyForm: 'hashed',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'jwt-claim', name: 'exp' },
        unit: 's',
        tolerancePastMs: 5_000,
        toleranceFutureMs: 5_000,
        toleranceBasis: 'sdk',
        signed: true,
      },
      event: { id: 'jwt:/jti' },
      confidence: 'verified',
      verifiedAgainst: 'messagebird 4.0.1 webhook-signature-jwt',
      sources: ['npm messagebird 4.0.1 lib/webhook-signature-jwt.js'],
      notes: ['freshness comes from exp and nbf'],
    },
    delivery: unknownDelivery,
  },
}

/** Bird (MessageBird): MessageBird-Signature. */
export const messagebirdLegacy: WebhookProvider = {
  name: 'messagebird',
  title: 'Bird (MessageBird)',
  webhooks: {
    scheme: {
      id: 'messagebird-legacy',
      title: 'MessageBird-Signature',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'MessageBird-Signature' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{ts}\n{query_sorted}\n{sha256_raw:body}',
      bodyForm: 'hashed',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'MessageBird-Request-Timestamp' },
        unit: 's',
        tolerancePastMs: 99_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      event: { unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'messagebird 4.0.1 signature.validate',
      sources: ['npm messagebird 4.0.1 lib/signature.js'],
      notes: [
        'the 32 raw bytes of the body hash are appended, so the signed content is binary',
        'deprecated',
        'query parameters sorted by name, percent-encoded, joined with &',
      ],
    },
    delivery: unknownDelivery,
  },
}
