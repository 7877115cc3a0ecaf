import { type Conduct } from './conduct.ts'

/** A bank account that the test mode knows. Banks answer days later: the payment is processing meanwhile. */
export interface TestBankAccount extends Conduct {
  readonly last4: string
}

/** Stripe's test accounts for ACH Direct Debit (docs.stripe.com, "ACH Direct Debit", recalled, not read again). */
const accounts: readonly { readonly number: string; readonly name: string; readonly account: TestBankAccount }[] = [
  { number: '000123456789', name: 'success', account: { last4: '6789', first: 'wait' } },
  {
    number: '000111111116',
    name: 'accountClosed',
    account: { last4: '1116', first: 'wait', decline: { code: 'account_closed' }, attachable: true },
  },
]

/** The test account with a number. */
export function bankAccountOfNumber(number: string): TestBankAccount | undefined {
  return accounts.find((each) => each.number === number)?.account
}

/** The test account that a ready-made payment method (`pm_usBankAccount_success`) stands for. */
export function bankAccountOfName(id: string): TestBankAccount | undefined {
  return accounts.find(({ name }) => id === `pm_usBankAccount_${name}`)?.account
}
