import { type Conduct, type Decline } from './conduct.ts'

/** A card that the test mode knows. */
export interface TestCard extends Conduct {
  readonly brand: string
  readonly last4: string
  readonly funding: 'credit' | 'debit' | 'prepaid'
  readonly country: string
}

const approved = { first: 'charge', funding: 'credit', country: 'US' } as const
const visa = (last4: string): TestCard => ({ ...approved, brand: 'visa', last4 })
const declined = (last4: string, code: Decline['code'], declineCode?: string): TestCard => ({
  ...visa(last4),
  decline: { code, ...(declineCode === undefined ? {} : { declineCode }) },
})
const challenged = (last4: string): TestCard => ({ ...visa(last4), first: 'challenge' })

/**
 * Stripe's test cards by number (docs.stripe.com, "Test card numbers", recalled, not read again). Each has the
 * names under which it goes as a payment method, `pm_card_NAME`, and as a token, `tok_NAME`.
 */
export const testCards: readonly {
  readonly number: string
  readonly names: readonly string[]
  readonly card: TestCard
}[] = [
  { number: '4242424242424242', names: ['visa', 'us'], card: visa('4242') },
  { number: '4000056655665556', names: ['visa_debit'], card: { ...visa('5556'), funding: 'debit' } },
  { number: '5555555555554444', names: ['mastercard'], card: { ...approved, brand: 'mastercard', last4: '4444' } },
  { number: '2223003122003222', names: [], card: { ...approved, brand: 'mastercard', last4: '3222' } },
  {
    number: '5200828282828210',
    names: ['mastercard_debit'],
    card: { ...approved, brand: 'mastercard', last4: '8210', funding: 'debit' },
  },
  {
    number: '5105105105105100',
    names: ['mastercard_prepaid'],
    card: { ...approved, brand: 'mastercard', last4: '5100', funding: 'prepaid' },
  },
  { number: '378282246310005', names: ['amex'], card: { ...approved, brand: 'amex', last4: '0005' } },
  { number: '371449635398431', names: [], card: { ...approved, brand: 'amex', last4: '8431' } },
  { number: '6011111111111117', names: ['discover'], card: { ...approved, brand: 'discover', last4: '1117' } },
  { number: '3056930009020004', names: ['diners'], card: { ...approved, brand: 'diners', last4: '0004' } },
  { number: '3566002020360505', names: ['jcb'], card: { ...approved, brand: 'jcb', last4: '0505' } },
  { number: '6200000000000005', names: ['unionpay'], card: { ...approved, brand: 'unionpay', last4: '0005' } },
  { number: '4000002500001001', names: ['fr'], card: { ...visa('1001'), country: 'FR' } },
  { number: '4000008260000000', names: ['gb'], card: { ...visa('0000'), country: 'GB' } },
  { number: '4000002760000016', names: ['de'], card: { ...visa('0016'), country: 'DE' } },

  { number: '4000000000000002', names: ['chargeDeclined'], card: declined('0002', 'card_declined', 'generic_decline') },
  {
    number: '4000000000009995',
    names: ['chargeDeclinedInsufficientFunds'],
    card: declined('9995', 'card_declined', 'insufficient_funds'),
  },
  {
    number: '4000000000009987',
    names: ['chargeDeclinedLostCard'],
    card: declined('9987', 'card_declined', 'lost_card'),
  },
  {
    number: '4000000000009979',
    names: ['chargeDeclinedStolenCard'],
    card: declined('9979', 'card_declined', 'stolen_card'),
  },
  {
    number: '4000000000006975',
    names: ['chargeDeclinedVelocityLimitExceeded'],
    card: declined('6975', 'card_declined', 'card_velocity_exceeded'),
  },
  {
    number: '4100000000000019',
    names: ['chargeDeclinedFraudulent', 'radarBlock'],
    card: declined('0019', 'card_declined', 'fraudulent'),
  },
  {
    number: '4000000000000069',
    names: ['chargeDeclinedExpiredCard'],
    card: declined('0069', 'expired_card', 'expired_card'),
  },
  {
    number: '4000000000000127',
    names: ['chargeDeclinedIncorrectCvc'],
    card: declined('0127', 'incorrect_cvc', 'incorrect_cvc'),
  },
  {
    number: '4000000000000119',
    names: ['chargeDeclinedProcessingError'],
    card: declined('0119', 'processing_error', 'processing_error'),
  },
  {
    number: '4000000000000341',
    names: ['chargeCustomerFail'],
    card: { ...declined('0341', 'card_declined', 'generic_decline'), attachable: true },
  },

  { number: '4000002500003155', names: ['authenticationRequiredOnSetup'], card: challenged('3155') },
  { number: '4000002760003184', names: ['authenticationRequired'], card: challenged('3184') },
  { number: '4000000000003220', names: ['threeDSecure2Required'], card: challenged('3220') },
  { number: '4000000000003063', names: ['threeDSecureRequired'], card: challenged('3063') },
  { number: '4000000000003055', names: ['threeDSecureOptional'], card: visa('3055') },
  {
    number: '4000008260003178',
    names: ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    card: { ...declined('3178', 'card_declined', 'insufficient_funds'), first: 'challenge', attachable: true },
  },
  {
    number: '4000008400001629',
    names: ['threeDSecureRequiredChargeDeclined'],
    card: { ...declined('1629', 'card_declined', 'generic_decline'), first: 'challenge', attachable: true },
  },
]

const byNumber = new Map(testCards.map(({ number, card }) => [number, card]))
const byName = new Map(testCards.flatMap(({ names, card }) => names.map((name) => [name, card] as const)))

/** The test card with a number, spaces and dashes ignored. */
export function cardOfNumber(number: string): TestCard | undefined {
  return byNumber.get(number.replaceAll(/[\s-]/g, ''))
}

/** The test card that a ready-made payment method (`pm_card_visa`) or token (`tok_visa`) stands for. */
export function cardOfName(id: string): TestCard | undefined {
  const name = /^(?:pm_card_|tok_)(\w+)$/.exec(id)?.[1]
  return name === undefined ? undefined : byName.get(name)
}

/** The Luhn check that every card number passes. */
export function hasCheckDigit(number: string): boolean {
  let sum = 0
  for (let at = number.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = Number(number[at]) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}
