import { Signature } from '@hubspot/api-client'
import { headerOf, textKeys, type Delivery, type Peer } from './peer.ts'

const optionsOf = ({ body, url, method }: Delivery, clientSecret: string) => ({
  clientSecret,
  requestBody: body.toString(),
  url,
  method,
})

function plain(scheme: 'hubspot-v1' | 'hubspot-v2', signatureVersion: 'v1' | 'v2'): Peer {
  return {
    library: `@hubspot/api-client ${signatureVersion}`,
    scheme,
    keys: textKeys,
    verifier: (key) => (delivery) =>
      headerOf(delivery, 'x-hubspot-signature-version') === signatureVersion &&
      Signature.isValid({
        ...optionsOf(delivery, key),
        signatureVersion,
        signature: headerOf(delivery, 'x-hubspot-signature'),
      }),
    sign: (delivery, key) => ({
      'x-hubspot-signature': Signature.getSignature(delivery.method, signatureVersion, {
        ...optionsOf(delivery, key),
        signature: '',
      }),
      'x-hubspot-signature-version': signatureVersion,
    }),
  }
}

export const hubspotV1Peer = plain('hubspot-v1', 'v1')
export const hubspotV2Peer = plain('hubspot-v2', 'v2')

export const hubspotV3Peer: Peer = {
  library: '@hubspot/api-client v3',
  scheme: 'hubspot-v3',
  keys: textKeys,
  verifier: (key) => (delivery) =>
    Signature.isValid({
      ...optionsOf(delivery, key),
      signatureVersion: 'v3',
      signature: headerOf(delivery, 'x-hubspot-signature-v3'),
      timestamp: Number(headerOf(delivery, 'x-hubspot-request-timestamp')),
    }),
  sign: (delivery, key, nowMs) => ({
    'x-hubspot-signature-v3': Signature.getSignature(delivery.method, 'v3', {
      ...optionsOf(delivery, key),
      signature: '',
      timestamp: nowMs,
    }),
    'x-hubspot-request-timestamp': String(nowMs),
  }),
}
