import { type Account, type Cause, type StripeObject } from './account.ts'
import { page } from './lists.ts'
import { type StripeHandler, find } from './objects.ts'
import { assumedFee } from './money.ts'

export interface BalanceTransaction extends StripeObject {
  readonly object: 'balance_transaction'
  readonly amount: number
  readonly fee: number
  readonly net: number
  readonly source: string
  readonly type: 'charge' | 'refund'
}

const daySeconds = 86_400

/** Books money that came in or went out. A fee is taken when it comes in and kept when it goes out again. */
export function book(
  account: Account,
  entry: {
    readonly type: 'charge' | 'refund'
    readonly amount: number
    readonly currency: string
    readonly source: string
    readonly description: string | null
  },
  cause: Cause,
): BalanceTransaction {
  const { type, amount, currency, source, description } = entry
  const created = account.seconds()
  const fee = type === 'charge' ? assumedFee(amount) : 0
  const transaction: BalanceTransaction = {
    id: account.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: created - (created % daySeconds) + 2 * daySeconds,
    created,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: type,
    source,
    status: 'pending',
    type,
  }
  return account.keep(transaction, `${type} booked`, cause)
}

export const balanceTransactionHandlers: Readonly<Record<string, StripeHandler>> = {
  'GET /v1/balance_transactions': (call) =>
    page(call, 'balance_transaction', {
      url: '/v1/balance_transactions',
      equal: ['source', 'type'],
    }),
  'GET /v1/balance_transactions/{}': ({ account, id }) => find(account, 'balance_transaction', id),
}
