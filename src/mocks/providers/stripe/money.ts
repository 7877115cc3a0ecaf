import { stripeCurrencies, stripeDecimals } from '../../../providers/stripe-currencies.ts'
import { refuse, refuseParameter } from './error.ts'
import { type Parameters, integerIn, missing, requiredText, shown } from './parameters.ts'

const currencies = new Set(stripeCurrencies)

/** The least for US dollars; other currencies have others, near it. */
const minAmount = 50
const maxAmount = 99_999_999

/** An amount to be paid: a positive whole number of the smallest unit, not under what Stripe takes. */
export function amountIn(parameters: Parameters, name: string, currency: string): number {
  const amount = integerIn(parameters, name) ?? missing(name)
  checkAmount(amount, name)
  if (amount < minAmount)
    refuse('amount_too_small', `Amount must be at least ${priceText(minAmount, currency)}`, { param: name })
  return amount
}

/** A part of an amount, which may be as small as one. */
export function checkAmount(amount: number, name: string): number {
  if (amount < 1) refuseParameter('parameter_invalid_integer', 'This value must be greater than or equal to 1.', name)
  if (amount > maxAmount) refuseParameter('amount_too_large', `Amount must be no more than ${maxAmount}.`, name)
  return amount
}

/** A currency that Stripe takes, by its three letters. */
export function currencyIn(parameters: Parameters, name = 'currency'): string {
  const currency = requiredText(parameters, name).toLowerCase()
  if (currencies.has(currency)) return currency
  const message = `Invalid currency: ${shown(currency)}. Stripe currently supports these currencies: ${stripeCurrencies.join(', ')}`
  return refuseParameter(undefined, message, name)
}

/** An amount as a person reads it: `$10.00`, `¥500`. */
export function priceText(amount: number, currency: string): string {
  const digits = stripeDecimals.get(currency) ?? 2
  const number = (amount / 10 ** digits).toFixed(digits)
  const sign = ({ usd: '$', eur: '€', gbp: '£', jpy: '¥' } as Record<string, string>)[currency]
  return sign === undefined ? `${number} ${currency}` : `${sign}${number}`
}

/**
 * What Stripe keeps of a payment. Assumed, as the true figure is in each account's contract: 2.9 percent and 30 of the
 * smallest unit, the public price for cards in the United States (stripe.com/pricing, recalled).
 */
export function assumedFee(amount: number): number {
  return Math.round(amount * 0.029) + 30
}
