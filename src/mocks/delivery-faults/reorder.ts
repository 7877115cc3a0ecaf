import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Reorder {
  readonly kind: 'reorder'
}

/**
 * Holds the delivery until the event that follows it has been delivered to the same target; when none
 * follows within a minute, it goes out alone.
 */
export const reorder: Strike<Reorder> = () => (delivery) => [
  { ...delivery, behindNext: true, note: noted(delivery, 'behind the next event') },
]
