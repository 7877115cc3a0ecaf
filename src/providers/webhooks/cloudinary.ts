import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Cloudinary: X-Cld-Signature (SHA-1). */
export const cloudinary: WebhookProvider = {
  name: 'cloudinary',
  title: 'Cloudinary',
  webhooks: {
    scheme: {
      id: 'cloudinary',
      title: 'X-Cld-Signature (SHA-1)',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hash',
        hash: 'sha1',
        carrier: { in: 'header', name: 'X-Cld-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}{ts}{secret}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'X-Cld-Timestamp' },
        unit: 's',
        tolerancePastMs: 7_200_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'none',
      event: { type: '/notification_type', time: '/timestamp', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'cloudinary 2.11.0 verifyNotificationSignature',
      sources: ['npm cloudinary 2.11.0 lib/utils/index.js'],
      notes: ['plain hash with the secret at the end', 'account may use SHA-256 instead: see cloudinary-sha256'],
    },
    delivery: unknownDelivery,
  },
}

/** Cloudinary: X-Cld-Signature (SHA-256). */
export const cloudinarySha256: WebhookProvider = {
  name: 'cloudinary',
  title: 'Cloudinary',
  webhooks: {
    scheme: {
      id: 'cloudinary-sha256',
      title: 'X-Cld-Signature (SHA-256)',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hash',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-Cld-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{body}{ts}{secret}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'X-Cld-Timestamp' },
        unit: 's',
        tolerancePastMs: 7_200_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'none',
      event: { type: '/notification_type', time: '/timestamp', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: 'cloudinary 2.11.0 with signature_algorithm sha256',
      sources: ['npm cloudinary 2.11.0'],
    },
    delivery: unknownDelivery,
  },
}
