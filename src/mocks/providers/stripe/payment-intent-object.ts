import { type StripeObject } from './account.ts'
import { type ChargeOrder } from './charges.ts'
import { type IntentStatus } from './payment-intent-machine.ts'

export interface PaymentIntent extends StripeObject {
  readonly object: 'payment_intent'
  readonly amount: number
  readonly amount_capturable: number
  readonly amount_received: number
  readonly automatic_payment_methods: { readonly allow_redirects: 'always' | 'never'; readonly enabled: boolean } | null
  readonly canceled_at: number | null
  readonly cancellation_reason: string | null
  readonly capture_method: 'automatic' | 'automatic_async' | 'manual'
  readonly client_secret: string
  readonly confirmation_method: 'automatic' | 'manual'
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly last_payment_error: Readonly<Record<string, unknown>> | null
  readonly latest_charge: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly next_action: Readonly<Record<string, unknown>> | null
  readonly payment_method: string | null
  readonly payment_method_types: readonly string[]
  readonly receipt_email: string | null
  readonly shipping: unknown
  readonly statement_descriptor: string | null
  readonly statement_descriptor_suffix: string | null
  readonly status: IntentStatus
  readonly transfer_group: string | null
}

/** What an intent can be paid with: the types that it names, or what the dashboard allows. */
export type MethodChoice = Pick<PaymentIntent, 'automatic_payment_methods' | 'payment_method_types'>

/** What a charge for an intent takes over from it. */
export function orderOf(intent: PaymentIntent): ChargeOrder {
  const { id, amount, currency, customer, description, metadata, receipt_email, shipping } = intent
  const { statement_descriptor, statement_descriptor_suffix, transfer_group } = intent
  return {
    amount,
    currency,
    customer,
    description,
    metadata,
    payment_intent: id,
    receipt_email,
    shipping,
    statement_descriptor,
    statement_descriptor_suffix,
    transfer_group,
  }
}
