import { hourMs, secondMs } from '../pauses.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Apple: App Store Server Notifications V2. */
export const appleAppStoreV2: WebhookProvider = {
  name: 'apple',
  title: 'Apple',
  webhooks: {
    scheme: {
      id: 'apple-app-store-v2',
      title: 'App Store Server Notifications V2',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'jws-x5c',
        hash: 'sha256',
        carrier: { in: 'json', name: '/signedPayload' },
        syntax: 'jwt',
        encoding: 'base64url',
      },
      token: {
        algorithms: ['ES256'],
        claims: { '/data/bundleId': '{config:bundle_id}', '/data/environment': '{config:environment}' },
        chain: {
          length: 3,
          leafOid: '1.2.840.113635.100.6.11.1',
          intermediateOid: '1.2.840.113635.100.6.2.1',
          validAt: 'signedDate',
        },
      },
      signedContent: '{jwt}',
      bodyForm: 'jws-payload',
      key: { role: 'trust-anchor', form: 'root-certificates' },
      timestamp: {
        carrier: { in: 'jwt-claim', name: 'signedDate' },
        unit: 'ms',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      event: { id: 'jwt:/notificationUUID', type: 'jwt:/notificationType + jwt:/subtype', time: 'jwt:/signedDate' },
      confidence: 'verified',
      verifiedAgainst: '@apple/app-store-server-library 3.1.0 SignedDataVerifier',
      sources: [
        'npm @apple/app-store-server-library 3.1.0',
        'apple-docs mirror: responding to App Store Server Notifications',
      ],
      notes: [
        'nested signedTransactionInfo and signedRenewalInfo are JWS of their own',
        'production also checks appAppleId; OCSP when online checks are on',
      ],
    },
    delivery: {
      success: [200, 201, 202, 203, 204, 205, 206],
      timeoutMs: 10 * secondMs,
      retryAfterMs: [1 * hourMs, 12 * hourMs, 24 * hourMs, 48 * hourMs, 72 * hourMs],
      windowMs: 157 * hourMs,
      sandboxRetryAfterMs: [],
      basis: 'documented',
      assumed: ['timeoutMs'],
      notes: ['retries keep notificationUUID'],
    },
  },
}
