import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Duplicate {
  readonly kind: 'duplicate'
  /** How many arrive in all, at the same moment. @default 2 */
  readonly copies?: number
}

/** Sends the same delivery several times at once, as a provider does whose queue delivers at least once. */
export const duplicate: Strike<Duplicate> =
  ({ copies = 2 }) =>
  (delivery) => {
    const further = Array.from({ length: copies - 1 }, (_, index) => ({
      ...delivery,
      id: `${delivery.id}-copy${index + 2}`,
      note: noted(delivery, `copy ${index + 2} of ${copies}`),
    }))
    return [delivery, ...further]
  }
