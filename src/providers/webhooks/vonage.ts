import { unknownDelivery } from '../delivery-facts.ts'
import { type WebhookProvider } from '../webhook-provider.ts'

/** Vonage: signed webhooks (Messages, Voice, Verify). */
export const vonageJwt: WebhookProvider = {
  name: 'vonage',
  title: 'Vonage',
  webhooks: {
    scheme: {
      id: 'vonage-jwt',
      title: 'signed webhooks (Messages, Voice, Verify)',
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
        algorithms: ['HS256'],
        bodyClaim: { name: 'payload_hash', hash: 'sha256', encoding: 'hex', required: false },
      },
      signedContent: '{jwt}',
      bodyForm: 'hashed',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'jwt-claim', name: 'iat' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      rotation: 'claim api_key tells which account secret signed',
      event: { id: 'jwt:/jti', time: 'jwt:/iat' },
      confidence: 'verified',
      verifiedAgainst: '@vonage/jwt 1.17.1 verifySignature; Vonage docs "Signed webhooks"',
      sources: ['npm @vonage/jwt 1.17.1', 'github Nexmo/nexmo-developer signed-webhooks.md'],
      notes: [
        'the SDK checks only the token (RS256 or HS256), exp and nbf; comparing payload_hash is left to the caller',
        'a callback may come unsigned after an internal error: answer 5xx to get it again signed',
      ],
    },
    delivery: {
      ...unknownDelivery,
      success: [200, 201, 202, 203, 204, 205],
      basis: 'documented',
      assumed: ['timeoutMs', 'retryAfterMs'],
    },
  },
}

/** Vonage: SMS API sig parameter. */
export const vonageSms: WebhookProvider = {
  name: 'vonage',
  title: 'Vonage',
  webhooks: {
    scheme: {
      id: 'vonage-sms',
      title: 'SMS API sig parameter',
      request: {
        method: 'POST',
        otherMethods: ['GET'],
        contentType: 'application/x-www-form-urlencoded',
        otherContentTypes: ['application/json'],
      },
      signature: {
        type: 'hmac',
        algorithms: {
          setting: 'algorithm',
          of: {
            'hmac-md5': { type: 'hmac', hash: 'md5' },
            'hmac-sha1': { type: 'hmac', hash: 'sha1' },
            'hmac-sha256': { type: 'hmac', hash: 'sha256' },
            'hmac-sha512': { type: 'hmac', hash: 'sha512' },
            'md5-suffix': { type: 'hash', hash: 'md5', signedContent: '{params_sorted_amp}{secret}' },
          },
        },
        carrier: { in: 'query-or-form', name: 'sig' },
        syntax: 'bare',
        encoding: 'hex',
        hexCase: 'any',
      },
      signedContent: '{params_sorted_amp}',
      bodyForm: 'decoded-form',
      key: { role: 'shared-secret', form: 'utf8' },
      timestamp: {
        carrier: { in: 'query-or-form', name: 'timestamp' },
        unit: 's',
        tolerancePastMs: null,
        toleranceFutureMs: null,
        toleranceBasis: 'none',
        signed: true,
      },
      rotation: 'none',
      event: { id: 'query:messageId', time: 'query:message-timestamp' },
      confidence: 'verified',
      verifiedAgainst: '@vonage/sms (server-sdk 3.30.1) SMS.verifySignature',
      sources: ['npm @vonage/sms', 'github Nexmo/nexmo-developer signing-messages.md'],
      notes: [
        'algorithm is an account setting',
        'createSignatureHash in @vonage/auth 1.18 builds a different string, which verifySignature of the same SDK does not accept',
        'all parameters except sig, sorted by name, each written as &name=value, with & and = inside values replaced by _; md5-suffix appends the secret and takes plain MD5',
      ],
    },
    delivery: unknownDelivery,
  },
}
