import { GoodfenceError } from '../../../core/errors.ts'
import { type Account, noRequest } from './account.ts'
import { afterDecline, afterFailedAuthentication, paid } from './payment-attempt.ts'
import { type PaymentMethod, conductOf } from './payment-method-object.ts'

/** Ends what an intent waits for: the customer's authentication, or the bank. What is to decline declines afterwards. */
export function completeAction(account: Account, id: string, how: 'succeed' | 'fail'): void {
  const intent = account.of('payment_intent').get(id)
  if (intent === undefined || (intent.status !== 'requires_action' && intent.status !== 'processing')) {
    const state = intent === undefined ? 'there is no such payment intent' : `it is ${intent.status}`
    const mend = 'name a payment intent that requires action or is processing'
    throw new GoodfenceError('usage', `Nothing waits to be completed at ${id}: ${state}. Please ${mend}.`, { mend })
  }
  const method = account.of('payment_method').get(intent.payment_method as string) as PaymentMethod
  const { decline } = conductOf(account, method)
  if (how === 'succeed' && decline === undefined) {
    paid(account, intent, method, intent.status === 'requires_action', noRequest)
  } else if (how === 'fail' && intent.status === 'requires_action') {
    afterFailedAuthentication(account, intent, method, noRequest)
  } else {
    afterDecline(account, intent, method, decline ?? { code: 'account_closed' }, noRequest)
  }
}
