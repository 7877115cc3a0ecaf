import { type StripeObject } from './account.ts'
import { type BalanceTransaction } from './balance-transactions.ts'
import { type Charge } from './charges.ts'
import { type Customer } from './customers.ts'
import { type StripeEvent } from './events.ts'
import { type PaymentIntent } from './payment-intent-object.ts'
import { type PaymentMethod } from './payment-method-object.ts'
import { type Price } from './prices.ts'
import { type Product } from './products.ts'
import { type Refund } from './refunds.ts'
import { type WebhookEndpoint } from './webhook-endpoints.ts'

/** Every kind of object that the account keeps, by the name that stands in its `object`. */
export interface Kinds {
  readonly balance_transaction: BalanceTransaction
  readonly charge: Charge
  readonly customer: Customer
  readonly event: StripeEvent
  readonly payment_intent: PaymentIntent
  readonly payment_method: PaymentMethod
  readonly price: Price
  readonly product: Product
  readonly refund: Refund
  readonly webhook_endpoint: WebhookEndpoint
}

export type Kind = keyof Kinds

/** What is left of an object that was deleted. It keeps its place and is found by its id, but by nothing else. */
export interface Stub extends StripeObject {
  readonly deleted: true
}
