import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface RotatedSecret {
  readonly kind: 'rotated-secret'
}

/**
 * Signs with a new secret and, after it, with the one that the receiver has, as a provider does while a secret is being
 * rolled. Where the scheme carries one signature only, the old secret alone goes on signing.
 */
export const rotatedSecret: Strike<RotatedSecret> =
  (_fault, { sign, secret, carriesSeveral, otherSecret, random }) =>
  (delivery) => {
    if (!carriesSeveral) return [{ ...delivery, note: noted(delivery, 'a new secret does not sign yet') }]
    if (delivery.sealed === true) return [{ ...delivery, note: noted(delivery, 'a new secret signs no more') }]
    const signed = sign(delivery, [otherSecret(random), secret])
    return [{ ...delivery, ...signed, sealed: true, note: noted(delivery, 'signed with a new secret and the old one') }]
  }
