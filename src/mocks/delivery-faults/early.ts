import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Early {
  readonly kind: 'early'
}

/** Delivers the event before the API call that made it is answered. It strikes an event's first attempt only. */
export const early: Strike<Early> = () => (delivery) => [
  { ...delivery, early: true, note: noted(delivery, 'before the answer') },
]
