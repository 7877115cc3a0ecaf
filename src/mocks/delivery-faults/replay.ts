import { type Strike } from './delivery-fault.ts'
import { noted, sealed } from './marks.ts'

export interface Replay {
  readonly kind: 'replay'
  /** How long after the original the same headers and bytes come again. @default 3,600,000 (an hour) */
  readonly afterMs?: number
}

/** Sends what an attacker has overheard a second time, with the very headers and bytes of the original. */
export const replay: Strike<Replay> =
  ({ afterMs = 3_600_000 }, { sign }) =>
  (delivery) => {
    const original = sealed(delivery, sign)
    return [
      original,
      {
        ...original,
        id: `${delivery.id}-replay`,
        dueAtMs: delivery.dueAtMs + afterMs,
        genuine: false,
        lost: false, // an attacker may have kept the original from arriving
        behindNext: false,
        note: noted(delivery, `replayed after ${afterMs} ms`),
      },
    ]
  }
