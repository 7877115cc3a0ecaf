import { type Account, type StripeObject } from './account.ts'
import { fullBilling } from './address.ts'
import { refuse, refuseParameter, stripeRefusal } from './error.ts'
import { Refused } from '../../refusal.ts'
import { type Parameters, integerIn, metadataAfter, missing, objectIn, textIn } from './parameters.ts'
import { type TestCard, cardOfName, cardOfNumber, declineMessage } from './test-cards.ts'

export interface PaymentMethod extends StripeObject {
  readonly object: 'payment_method'
  readonly type: string
  readonly billing_details: Readonly<Record<string, unknown>>
  readonly card: Readonly<Record<string, unknown>>
  readonly customer: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** How each payment method behaves when it is charged. Only the provider's side may know. */
const behaviours = new WeakMap<Account, Map<string, TestCard>>()

/** The test card behind a payment method. */
export function testCardOf(account: Account, method: PaymentMethod): TestCard | undefined {
  return behaviours.get(account)?.get(method.id)
}

/** Makes a payment method from what a request says of it: `type`, `card[number]` or `card[token]`, `billing_details`. */
export function paymentMethodFrom(account: Account, parameters: Parameters, prefix = ''): PaymentMethod {
  const type = textIn(parameters, 'type') ?? missing(`${prefix}type`.replace(/\[type$/, '[type]'))
  if (type !== 'card')
    refuse(
      'payment_method_unactivated',
      `The payment method type "${type.slice(0, 40)}" is not activated on this mock account, which takes cards.`,
      { param: 'type' },
    )
  const sent = objectIn(parameters, 'card')
  const token = textIn(sent, 'token')
  const card =
    token === undefined
      ? cardFromNumber(account, sent)
      : (cardOfName(token) ??
        refuse('resource_missing', `No such token: '${token.slice(0, 100)}'`, { param: 'card[token]' }))
  const year = new Date(account.clock.now()).getUTCFullYear()
  return paymentMethod(account, card, {
    billing: objectIn(parameters, 'billing_details'),
    metadata: metadataAfter({}, parameters),
    expMonth: integerIn(sent, 'exp_month') ?? 12,
    expYear: integerIn(sent, 'exp_year') ?? year + 4,
  })
}

/** A payment method of one's own in place of a ready-made one such as `pm_card_visa`. */
export function paymentMethodNamed(account: Account, name: string): PaymentMethod | undefined {
  const card = cardOfName(name.replace(/^tok_/, 'pm_card_'))
  if (card === undefined) return undefined
  const expYear = new Date(account.clock.now()).getUTCFullYear() + 4
  return paymentMethod(account, card, { billing: {}, metadata: {}, expMonth: 12, expYear })
}

interface Details {
  readonly billing: Parameters
  readonly metadata: Readonly<Record<string, string>>
  readonly expMonth: number
  readonly expYear: number
}

function paymentMethod(
  account: Account,
  card: TestCard,
  { billing, metadata, expMonth, expYear }: Details,
): PaymentMethod {
  const { brand, country, funding, last4 } = card
  const method: PaymentMethod = {
    id: account.newId('pm'),
    object: 'payment_method',
    billing_details: fullBilling(billing),
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: `${brand}${last4}goodfence`.slice(0, 16),
      funding,
      generated_from: null,
      last4,
      networks: { available: [brand], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: account.seconds(),
    customer: null,
    livemode: false,
    metadata,
    type: 'card',
  }
  let known = behaviours.get(account)
  if (known === undefined) {
    known = new Map()
    behaviours.set(account, known)
  }
  known.set(method.id, card)
  return method
}

function cardFromNumber(account: Account, sent: Parameters): TestCard {
  const number = textIn(sent, 'number')?.replaceAll(/[\s-]/g, '')
  if (number === undefined) missing('card[number]')
  if (!/^\d{12,19}$/.test(number) || !hasCheckDigit(number)) refuseCard('incorrect_number', 'number')
  const month = integerIn(sent, 'exp_month') ?? missing('card[exp_month]')
  const year = integerIn(sent, 'exp_year') ?? missing('card[exp_year]')
  const now = new Date(account.clock.now())
  if (month < 1 || month > 12) refuseCard('invalid_expiry_month', 'exp_month')
  const full = year < 100 ? 2000 + year : year
  if (full < now.getUTCFullYear() || full > now.getUTCFullYear() + 50) refuseCard('invalid_expiry_year', 'exp_year')
  return (
    cardOfNumber(number) ??
    refuseParameter(
      'card_declined',
      'Your card was declined. Your request was in test mode, but used a card that is no test card. See https://stripe.com/docs/testing.',
      'card[number]',
    )
  )
}

/** The Luhn check that every card number passes. */
function hasCheckDigit(number: string): boolean {
  let sum = 0
  for (let at = number.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = Number(number[at]) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}

const fieldMessages = {
  incorrect_number: declineMessage({ code: 'incorrect_number' }),
  invalid_expiry_month: "Your card's expiration month is invalid.",
  invalid_expiry_year: "Your card's expiration year is invalid.",
}

function refuseCard(code: keyof typeof fieldMessages, param: string): never {
  throw new Refused({ ...stripeRefusal(402, 'card_error', code, fieldMessages[code], { param }) })
}
