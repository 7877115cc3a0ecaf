import { type Account, type Cause, type StripeObject } from './account.ts'
import { book } from './balance-transactions.ts'
import { update } from './change.ts'
import { fullBilling } from './address.ts'
import { page } from './lists.ts'
import { type StripeHandler, find } from './objects.ts'
import { emailField, metadataAfter, taken } from './parameters.ts'
import { type PaymentMethod } from './payment-method-object.ts'
import { type Decline, declineMessage } from './conduct.ts'

export interface Charge extends StripeObject {
  readonly object: 'charge'
  readonly amount: number
  readonly amount_captured: number
  readonly amount_refunded: number
  readonly balance_transaction: string | null
  readonly captured: boolean
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly paid: boolean
  readonly payment_intent: string | null
  readonly refunded: boolean
  readonly status: 'succeeded' | 'failed' | 'pending'
}

/** What a charge takes over from the payment intent that it is for. */
export interface ChargeOrder {
  readonly amount: number
  readonly currency: string
  readonly customer: string | null
  readonly description: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly payment_intent: string
  readonly receipt_email: string | null
  readonly shipping: unknown
  readonly statement_descriptor: string | null
  readonly statement_descriptor_suffix: string | null
  readonly transfer_group: string | null
}

/** A charge that the bank approved, taken at once or only held. */
export function approvedCharge(
  account: Account,
  order: ChargeOrder,
  method: PaymentMethod,
  capture: boolean,
  authenticated: boolean,
  cause: Cause,
): Charge {
  const charge = newCharge(account, order, method, authenticated)
  const approved: Charge = {
    ...charge,
    amount_captured: capture ? order.amount : 0,
    captured: capture,
    outcome: {
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: true,
    status: 'succeeded',
    balance_transaction: capture ? bookCharge(account, charge, order.amount, cause) : null,
  }
  account.keep(approved, 'succeeded', cause)
  account.tell('charge.succeeded', approved, cause)
  return approved
}

/** A charge that the bank declined, or that was blocked before it got there. */
export function declinedCharge(
  account: Account,
  order: ChargeOrder,
  method: PaymentMethod,
  decline: Decline,
  cause: Cause,
): Charge {
  const blocked = decline.declineCode === 'fraudulent'
  const message = declineMessage(decline)
  const charge: Charge = {
    ...newCharge(account, order, method, false),
    failure_code: decline.code,
    failure_message: message,
    outcome: {
      network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
      reason: blocked ? 'highest_risk_level' : (decline.declineCode ?? decline.code),
      risk_level: blocked ? 'highest' : 'normal',
      risk_score: blocked ? 92 : 20,
      seller_message: blocked
        ? 'Stripe blocked this payment as too risky.'
        : 'The bank did not return any further details with this decline.',
      type: blocked ? 'blocked' : 'issuer_declined',
    },
  }
  account.keep(charge, 'failed', cause)
  account.tell('charge.failed', charge, cause)
  return charge
}

/** Takes a held charge, or a part of it. The rest goes back to the card. */
export function capturedCharge(account: Account, charge: Charge, amount: number, cause: Cause): Charge {
  const balanceTransaction = bookCharge(account, charge, amount, cause)
  return update(
    account,
    charge,
    { amount_captured: amount, captured: true, balance_transaction: balanceTransaction },
    cause,
    'charge.captured',
  )
}

/** Lets go of a held charge. */
export function releasedCharge(account: Account, charge: Charge, cause: Cause): Charge {
  return update(account, charge, { amount_refunded: charge.amount, refunded: true }, cause, 'charge.refunded')
}

function bookCharge(account: Account, charge: Charge, amount: number, cause: Cause): string {
  const { currency, id: source, description } = charge
  return book(account, { type: 'charge', amount, currency, source, description }, cause).id
}

/** All that approved and declined charges have in common: to begin with, nothing is paid. */
function newCharge(account: Account, order: ChargeOrder, method: PaymentMethod, authenticated: boolean): Charge {
  const id = account.newId('ch')
  return {
    id,
    object: 'charge',
    amount: order.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: fullBilling(method.billing_details),
    calculated_statement_descriptor: order.statement_descriptor ?? 'GOODFENCE',
    captured: false,
    created: account.seconds(),
    currency: order.currency,
    customer: order.customer,
    description: order.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    invoice: null,
    livemode: false,
    metadata: order.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: order.payment_intent,
    payment_method: method.id,
    payment_method_details: detailsOf(method, authenticated),
    receipt_email: order.receipt_email,
    receipt_number: null,
    receipt_url: `https://pay.stripe.com/receipts/payment/${id}`,
    refunded: false,
    review: null,
    shipping: order.shipping,
    source_transfer: null,
    statement_descriptor: order.statement_descriptor,
    statement_descriptor_suffix: order.statement_descriptor_suffix,
    status: 'failed',
    transfer_data: null,
    transfer_group: order.transfer_group,
  }
}

/** What was paid with, as it was then. */
function detailsOf(
  { type, card, us_bank_account: bank }: PaymentMethod,
  authenticated: boolean,
): Record<string, unknown> {
  if (card === undefined) return { type, us_bank_account: { ...bank, payment_reference: null } }
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4 } = card
  const secure = { authentication_flow: 'challenge', result: 'authenticated', result_reason: null, version: '2.2.0' }
  return {
    card: {
      brand,
      checks,
      country,
      exp_month,
      exp_year,
      fingerprint,
      funding,
      installments: null,
      last4,
      mandate: null,
      network: brand,
      three_d_secure: authenticated ? secure : null,
      wallet: null,
    },
    type,
  }
}

const updateCharge: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = find(account, 'charge', id)
  const fields = {
    ...taken(parameters, ['description', 'transfer_group']),
    ...emailField(parameters, 'receipt_email'),
    metadata: metadataAfter(before.metadata, parameters),
  }
  return update(account, before, fields, cause, 'charge.updated')
}

export const chargeHandlers: Readonly<Record<string, StripeHandler>> = {
  'GET /v1/charges': (call) =>
    page(call, 'charge', { url: '/v1/charges', equal: ['customer', 'payment_intent', 'transfer_group'] }),
  'GET /v1/charges/{}': ({ account, id }) => find(account, 'charge', id),
  'POST /v1/charges/{}': updateCharge,
}
