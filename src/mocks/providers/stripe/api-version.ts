import { type Refusal } from '../../refusal.ts'
import { stripeRefusal } from './error.ts'
import { shown } from './parameters.ts'

/** The version that an account has when a request names none: the one that the slice describes. */
export const accountVersion = '2023-08-16'

/** A date, the name of its release from 2024 on (`2024-09-30.acacia`), and betas (`2020-08-27; orders_beta=v4`). */
const version = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:\.[a-z]+)?(?:; ?\w+=\w+)*$/

/** The version that a request is answered in. Versions compare as texts, since each begins with its date. */
export function versionIn(headers: Headers): string {
  const asked = headers.get('stripe-version')
  return asked !== null && version.test(asked) ? asked : accountVersion
}

/** Says no to what cannot be a version. On which days there were versions is not known here: every date is taken. */
export function acceptsVersion({ headers }: Request): Refusal | undefined {
  const asked = headers.get('stripe-version')
  if (asked === null || version.test(asked)) return undefined
  const message = `Invalid Stripe API version: ${shown(asked)}`
  return { ...stripeRefusal(400, 'invalid_request_error', undefined, message), unexecuted: true }
}
