import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** HubSpot: X-HubSpot-Signature v1. */
export const hubspotV1: WebhookProvider = {
  name: 'hubspot',
  title: 'HubSpot',
  webhooks: {
    scheme: {
      id: 'hubspot-v1',
      title: 'X-HubSpot-Signature v1',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hash',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-HubSpot-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{secret}{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8', note: 'client secret' },
      timestamp: null,
      fixedHeaders: { 'X-HubSpot-Signature-Version': 'v1' },
      rotation: 'none',
      event: { id: '/*/eventId', type: '/*/subscriptionType', time: '/*/occurredAt', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@hubspot/api-client 14.0.1 Signature',
      sources: ['npm @hubspot/api-client 14.0.1 utils/signature.js', 'developers.hubspot.com validating requests'],
      notes: ['plain SHA-256 with the secret in front, not an HMAC', 'batch array body'],
    },
    delivery: unknownDelivery,
  },
}

/** HubSpot: X-HubSpot-Signature v2. */
export const hubspotV2: WebhookProvider = {
  name: 'hubspot',
  title: 'HubSpot',
  webhooks: {
    scheme: {
      id: 'hubspot-v2',
      title: 'X-HubSpot-Signature v2',
      request: { method: 'POST', otherMethods: ['GET'], contentType: 'application/json' },
      signature: {
        type: 'hash',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-HubSpot-Signature' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'exact',
      },
      signedContent: '{secret}{method}{url}{body}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: null,
      fixedHeaders: { 'X-HubSpot-Signature-Version': 'v2' },
      rotation: 'none',
      event: { id: '/*/eventId', type: '/*/subscriptionType', time: '/*/occurredAt', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@hubspot/api-client 14.0.1 Signature',
      sources: ['npm @hubspot/api-client 14.0.1'],
    },
    delivery: unknownDelivery,
  },
}

/** HubSpot: X-HubSpot-Signature-v3. */
export const hubspotV3: WebhookProvider = {
  name: 'hubspot',
  title: 'HubSpot',
  webhooks: {
    scheme: {
      id: 'hubspot-v3',
      title: 'X-HubSpot-Signature-v3',
      request: { method: 'POST', contentType: 'application/json' },
      signature: {
        type: 'hmac',
        hash: 'sha256',
        carrier: { in: 'header', name: 'X-HubSpot-Signature-v3' },
        syntax: 'bare',
        encoding: 'base64',
      },
      signedContent: '{method}{url}{body}{ts}',
      bodyForm: 'raw',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'header', name: 'X-HubSpot-Request-Timestamp' },
        unit: 'ms',
        tolerancePastMs: 300_000,
        toleranceFutureMs: null,
        toleranceBasis: 'sdk',
        signed: true,
      },
      rotation: 'none',
      event: { id: '/*/eventId', type: '/*/subscriptionType', time: '/*/occurredAt', unchecked: true },
      confidence: 'verified',
      verifiedAgainst: '@hubspot/api-client 14.0.1 Signature',
      sources: ['npm @hubspot/api-client 14.0.1', 'developers.hubspot.com request-validation'],
      notes: [
        'older signature headers are sent beside it',
        'SDK never rejects future timestamps',
        'documentation: decode certain percent-encoded characters first; the SDK leaves that to the caller',
      ],
    },
    delivery: unknownDelivery,
  },
}
