import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Drop {
  readonly kind: 'drop'
}

/**
 * Loses this attempt: the receiver never sees it, the provider knows only that it failed, and tries again
 * by its schedule.
 */
export const drop: Strike<Drop> = () => (delivery) => [{ ...delivery, lost: true, note: noted(delivery, 'lost') }]
