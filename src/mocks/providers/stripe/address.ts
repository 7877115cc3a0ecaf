import { type Parameters, objectIn } from './parameters.ts'

/** An address with all its fields, those not given as null. */
export function fullAddress(address: Parameters): Record<string, unknown> {
  return { city: null, country: null, line1: null, line2: null, postal_code: null, state: null, ...address }
}

/** A shipping address with all its fields. */
export function fullShipping(shipping: Parameters): Record<string, unknown> {
  const address = fullAddress(objectIn(shipping, 'address'))
  return { carrier: null, name: null, phone: null, tracking_number: null, ...shipping, address }
}

/** Billing details with all their fields. */
export function fullBilling(billing: Parameters): Record<string, unknown> {
  return { email: null, name: null, phone: null, ...billing, address: fullAddress(objectIn(billing, 'address')) }
}
