import { type Account, type StripeObject, noRequest } from './account.ts'
import { accountVersion } from './api-version.ts'
import { book } from './balance-transactions.ts'
import { create, update } from './change.ts'
import { type Charge } from './charges.ts'
import { refuse, refuseParameter } from './error.ts'
import { previousAttributes } from './events.ts'
import { page } from './lists.ts'
import { checkAmount, priceText } from './money.ts'
import { type ListObject, type StripeHandler, find } from './objects.ts'
import { type Parameters, integerIn, metadataAfter, textIn } from './parameters.ts'

export interface Refund extends StripeObject {
  readonly object: 'refund'
  readonly amount: number
  readonly charge: string
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>>
  readonly payment_intent: string | null
  readonly status: 'succeeded'
}

const createRefund: StripeHandler = ({ account, cause, parameters }) => {
  const charge = chargeIn(account, parameters)
  const left = charge.amount_captured - charge.amount_refunded
  if (charge.refunded || left === 0)
    refuse('charge_already_refunded', `Charge ${charge.id} has already been refunded.`, { charge: charge.id })
  const amount = checkAmount(integerIn(parameters, 'amount') ?? left, 'amount')
  if (amount > left)
    refuse(
      undefined,
      `Refund amount (${priceText(amount, charge.currency)}) is greater than unrefunded amount on charge (${priceText(left, charge.currency)})`,
      { param: 'amount' },
    )

  const metadata = metadataAfter({}, parameters)
  const id = account.newId('re')
  const { currency } = charge
  const transaction = book(
    account,
    { type: 'refund', amount: -amount, currency, source: id, description: `REFUND FOR CHARGE` },
    cause,
  )
  const refund: Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: account.seconds(),
    currency,
    metadata,
    payment_intent: charge.payment_intent,
    reason: textIn(parameters, 'reason') ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  create(account, refund, cause)
  update(
    account,
    charge,
    { amount_refunded: charge.amount_refunded + amount, refunded: amount === left },
    cause,
    'charge.refunded',
  )
  return refund
}

/** The charge to refund: named itself, or the one that paid a payment intent. */
function chargeIn(account: Account, parameters: Parameters): Charge {
  const chargeId = textIn(parameters, 'charge')
  const intentId = textIn(parameters, 'payment_intent')
  if (chargeId === undefined && intentId === undefined)
    refuseParameter(
      'parameter_missing',
      'One of the following params should be provided for this request: payment_intent or charge.',
      'charge',
    )
  if (intentId === undefined) {
    const charge = find(account, 'charge', chargeId as string, 'charge')
    if (!charge.captured)
      refuse(
        'charge_not_captured',
        `Charge ${charge.id} has not been captured or has failed, so there is nothing to refund.`,
        { charge: charge.id },
      )
    return charge
  }
  const intent = find(account, 'payment_intent', intentId, 'payment_intent')
  const charge = intent.latest_charge === null ? undefined : account.of('charge').get(intent.latest_charge)
  if (charge === undefined || !charge.captured)
    refuse(undefined, `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
    })
  if (chargeId !== undefined && chargeId !== charge.id)
    refuse(undefined, `Charge ${chargeId.slice(0, 100)} does not belong to PaymentIntent ${intent.id}.`, {
      param: 'charge',
    })
  return charge
}

const updateRefund: StripeHandler = ({ account, cause, id, parameters }) => {
  const before = find(account, 'refund', id)
  const fields = { metadata: metadataAfter(before.metadata, parameters) }
  const after = update(account, before, fields, cause, 'refund.updated')
  // Stripe tells of it under the older name, too.
  if (after !== before) account.tell('charge.refund.updated', after, cause, previousAttributes(before, after))
  return after
}

const cancelRefund: StripeHandler = ({ account, id }) => {
  const refund = find(account, 'refund', id)
  return refuse(undefined, `Refund ${id} cannot be canceled: it has a status of ${refund.status}.`)
}

/** The refunds of a charge, as they are shown in it. */
export function refundsOf(account: Account, { id }: StripeObject): ListObject {
  const call = { account, cause: noRequest, apiVersion: accountVersion, id, ids: [id], parameters: {} }
  return page(call, 'refund', { url: `/v1/charges/${id}/refunds`, where: (refund) => refund.charge === id })
}

export const refundHandlers: Readonly<Record<string, StripeHandler>> = {
  'POST /v1/refunds': createRefund,
  'GET /v1/refunds': (call) => page(call, 'refund', { url: '/v1/refunds', equal: ['charge', 'payment_intent'] }),
  'GET /v1/refunds/{}': ({ account, id }) => find(account, 'refund', id),
  'POST /v1/refunds/{}': updateRefund,
  'POST /v1/refunds/{}/cancel': cancelRefund,
  'GET /v1/charges/{}/refunds': (call) => {
    const { id } = find(call.account, 'charge', call.id)
    return page(call, 'refund', { url: `/v1/charges/${id}/refunds`, where: (refund) => refund.charge === id })
  },
}
