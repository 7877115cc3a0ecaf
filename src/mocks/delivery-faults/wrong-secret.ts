import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface WrongSecret {
  readonly kind: 'wrong-secret'
}

/**
 * Signs the genuine event with a secret that the receiver does not have, as a provider does whose endpoint was set up
 * anew or belongs to another account. Nobody can tell it from a forgery.
 */
export const wrongSecret: Strike<WrongSecret> =
  (_fault, { sign, otherSecret, random }) =>
  (delivery) => [
    {
      ...delivery,
      ...sign(delivery, [otherSecret(random)]),
      sealed: true,
      genuine: false,
      note: noted(delivery, 'signed with another secret'),
    },
  ]
