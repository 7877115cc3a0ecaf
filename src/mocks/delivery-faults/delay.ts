import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Delay {
  readonly kind: 'delay'
  readonly delayMs: number
}

/** Sends late. The provider signs when it sends, so the delivery is genuine and its timestamp fresh. */
export const delay: Strike<Delay> =
  ({ delayMs }) =>
  (delivery) => [{ ...delivery, dueAtMs: delivery.dueAtMs + delayMs, note: noted(delivery, `${delayMs} ms late`) }]
