import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface Burst {
  readonly kind: 'burst'
  /** How much time's deliveries come together. @default 60,000 (a minute) */
  readonly everyMs?: number
}

/** Keeps deliveries back and sends them all at one moment, as a provider does whose queue had stood still. */
export const burst: Strike<Burst> =
  ({ everyMs = 60_000 }) =>
  (delivery) => {
    const dueAtMs = (Math.floor(delivery.dueAtMs / everyMs) + 1) * everyMs
    return [{ ...delivery, dueAtMs, note: noted(delivery, `with all others of ${everyMs} ms`) }]
  }
