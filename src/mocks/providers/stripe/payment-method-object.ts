import { Refused } from '../../refusal.ts'
import { type Account, type StripeObject } from './account.ts'
import { fullBilling } from './address.ts'
import { type Conduct } from './conduct.ts'
import { refuse, refuseParameter, stripeRefusal } from './error.ts'
import { type Parameters, integerIn, metadataAfter, missing, objectIn, textIn } from './parameters.ts'
import { type TestBankAccount, bankAccountOfName, bankAccountOfNumber } from './test-bank-accounts.ts'
import { type TestCard, cardOfName, cardOfNumber, hasCheckDigit } from './test-cards.ts'

export interface PaymentMethod extends StripeObject {
  readonly object: 'payment_method'
  readonly type: 'card' | 'us_bank_account'
  readonly billing_details: Readonly<Record<string, unknown>>
  readonly card?: Readonly<Record<string, unknown>>
  readonly us_bank_account?: Readonly<Record<string, unknown>>
  readonly customer: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** How each payment method behaves when it is charged. Only the provider's side may know. */
const conducts = new WeakMap<Account, Map<string, Conduct>>()

/** What happens when a payment method is charged. */
export function conductOf(account: Account, method: PaymentMethod): Conduct {
  return conducts.get(account)?.get(method.id) ?? { first: 'charge' }
}

/** Makes a payment method from what a request says of it: `type`, `card[number]` or `card[token]`, `billing_details`. */
export function paymentMethodFrom(account: Account, parameters: Parameters): PaymentMethod {
  const type = textIn(parameters, 'type') ?? missing('type')
  const made = { billing: objectIn(parameters, 'billing_details'), metadata: metadataAfter({}, parameters) }
  if (type === 'card') return cardMethod(account, cardFrom(account, objectIn(parameters, 'card')), made)
  if (type === 'us_bank_account') return bankMethod(account, bankAccountFrom(objectIn(parameters, type)), made)
  return refuse(
    'payment_method_unactivated',
    `The payment method type "${type.slice(0, 40)}" is not activated: this account takes card and us_bank_account.`,
    { param: 'type' },
  )
}

/** A payment method of one's own in place of a ready-made one such as `pm_card_visa`. */
export function paymentMethodNamed(account: Account, name: string): PaymentMethod | undefined {
  const card = cardOfName(name)
  if (card !== undefined) return cardMethod(account, { card, expMonth: 12, expYear: yearNow(account) + 4 })
  const bank = bankAccountOfName(name)
  return bank === undefined ? undefined : bankMethod(account, bank)
}

interface Made {
  readonly billing: Parameters
  readonly metadata: Readonly<Record<string, string>>
}

interface CardMade {
  readonly card: TestCard
  readonly expMonth: number
  readonly expYear: number
}

const nothingMade: Made = { billing: {}, metadata: {} }

function cardMethod(account: Account, { card, expMonth, expYear }: CardMade, made = nothingMade): PaymentMethod {
  const { brand, country, funding, last4 } = card
  return {
    ...newMethod(account, card, made),
    card: {
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: `${last4}${brand}Goodfence`.slice(0, 16),
      funding,
      generated_from: null,
      last4,
      networks: { available: [brand], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    type: 'card',
  }
}

function bankMethod(account: Account, bank: TestBankAccount, made = nothingMade): PaymentMethod {
  return {
    ...newMethod(account, bank, made),
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: 'individual',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      financial_connections_account: null,
      fingerprint: `${bank.last4}BankGoodfence`.slice(0, 16),
      last4: bank.last4,
      networks: { preferred: 'ach', supported: ['ach'] },
      routing_number: '110000000',
      status_details: {},
    },
  }
}

function newMethod(account: Account, { first, decline, attachable }: Conduct, { billing, metadata }: Made) {
  const id = account.newId('pm')
  let known = conducts.get(account)
  if (known === undefined) {
    known = new Map()
    conducts.set(account, known)
  }
  known.set(id, {
    first,
    ...(decline === undefined ? {} : { decline }),
    ...(attachable === undefined ? {} : { attachable }),
  })
  return {
    id,
    object: 'payment_method' as const,
    billing_details: fullBilling(billing),
    created: account.seconds(),
    customer: null,
    livemode: false,
    metadata,
  }
}

function cardFrom(account: Account, sent: Parameters): CardMade {
  const token = textIn(sent, 'token')
  const year = yearNow(account)
  if (token !== undefined) {
    const card = cardOfName(token)
    if (card === undefined)
      return refuse('resource_missing', `No such token: '${token.slice(0, 100)}'`, { param: 'card[token]' })
    return { card, expMonth: 12, expYear: year + 4 }
  }
  const number = textIn(sent, 'number')?.replaceAll(/[\s-]/g, '') ?? missing('card[number]')
  if (!/^\d{12,19}$/.test(number) || !hasCheckDigit(number)) refuseCard('incorrect_number', 'number')
  const expMonth = integerIn(sent, 'exp_month') ?? missing('card[exp_month]')
  const given = integerIn(sent, 'exp_year') ?? missing('card[exp_year]')
  const expYear = given < 100 ? 2000 + given : given
  if (expMonth < 1 || expMonth > 12) refuseCard('invalid_expiry_month', 'exp_month')
  if (expYear < year || expYear > year + 50) refuseCard('invalid_expiry_year', 'exp_year')
  const cvc = textIn(sent, 'cvc')
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) refuseCard('invalid_cvc', 'cvc')
  return { card: cardOfNumber(number) ?? refuseCard('card_declined', 'number'), expMonth, expYear }
}

function bankAccountFrom(sent: Parameters): TestBankAccount {
  const number = textIn(sent, 'account_number') ?? missing('us_bank_account[account_number]')
  return (
    bankAccountOfNumber(number) ??
    refuseParameter(
      undefined,
      'You must use a test bank account number in test mode. Try 000123456789.',
      'us_bank_account[account_number]',
    )
  )
}

const cardMessages = {
  card_declined:
    'Your card was declined. Your request was in test mode, but used a card that is no test card. See https://stripe.com/docs/testing.',
  incorrect_number: 'Your card number is incorrect.',
  invalid_cvc: "Your card's security code is invalid.",
  invalid_expiry_month: "Your card's expiration month is invalid.",
  invalid_expiry_year: "Your card's expiration year is invalid.",
}

function refuseCard(code: keyof typeof cardMessages, param: string): never {
  const decline = code === 'card_declined' ? { decline_code: 'test_mode_live_card' } : {}
  throw new Refused(stripeRefusal(402, 'card_error', code, cardMessages[code], { ...decline, param }))
}

function yearNow(account: Account): number {
  return new Date(account.clock.now()).getUTCFullYear()
}
