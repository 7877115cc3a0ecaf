import { type Delivery, type DeliveryTools } from '../../webhooks/delivery.ts'

/** The delivery's note with one more remark, for when several faults strike it. */
export function noted(delivery: Delivery, remark: string): string {
  return delivery.note === undefined ? remark : `${delivery.note}, ${remark}`
}

/** The delivery with what signs it now for good, so that nothing is signed afresh any more. */
export function sealed(delivery: Delivery, sign: DeliveryTools['sign']): Delivery {
  return delivery.sealed === true ? delivery : { ...delivery, ...sign(delivery), sealed: true }
}
