import { type Delivery } from '../../webhooks/delivery.ts'

/** The delivery's note with one more remark, for when several faults strike it. */
export function noted(delivery: Delivery, remark: string): string {
  return delivery.note === undefined ? remark : `${delivery.note}, ${remark}`
}
