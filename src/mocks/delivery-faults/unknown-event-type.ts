import { type Delivery, type DeliveryTools } from '../../webhooks/delivery.ts'
import { otherId } from '../../webhooks/other-id.ts'
import { type Strike } from './delivery-fault.ts'
import { noted } from './marks.ts'

export interface UnknownEventType {
  readonly kind: 'unknown-event-type'
  /** @default a novelty about the same thing, such as `payment_intent.novelty` */
  readonly type?: string
}

/** Sends, ahead of the delivery, a genuine event of a type that nobody has heard of, about the same thing. */
export const unknownEventType: Strike<UnknownEventType> =
  ({ type }, { rewrite, sign, random }) =>
  (delivery) => {
    const novelty = rewrite(delivery, { id: otherId(delivery.event, random), type: type ?? noveltyOf(delivery.type) })
    if (!canBeSigned(novelty, sign)) return [{ ...delivery, note: noted(delivery, 'no unknown type can be signed') }]
    const note = noted(delivery, `an event of the unknown type ${novelty.type}`)
    return [{ ...novelty, id: `${delivery.id}-unknown`, lost: false, behindNext: false, note }, delivery]
  }

/** Some schemes sign other members for each type, and none for one that they do not know. */
function canBeSigned(delivery: Delivery, sign: DeliveryTools['sign']): boolean {
  try {
    sign(delivery)
    return true
  } catch {
    return false
  }
}

/** A type of the same family: `orders/create` becomes `orders/novelty`, `push` becomes `push_novelty`. */
function noveltyOf(type: string): string {
  return /[./:]\w+$/.test(type) ? type.replace(/\w+$/, 'novelty') : `${type}_novelty`
}
