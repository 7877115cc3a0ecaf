import { GoodfenceError } from '../../../core/errors.ts'
import { type Account, noRequest } from './account.ts'
import { afterDecline, afterFailedAuthentication, paid } from './payment-attempt.ts'
import { type PaymentIntent } from './payment-intent-object.ts'
import { type PaymentMethod, testCardOf } from './payment-method-object.ts'

/** Ends what an intent waits for: the customer's authentication, or the bank. The card may still decline afterwards. */
export function completeAction(account: Account, id: string, how: 'succeed' | 'fail'): void {
  const intent = account.store.of<PaymentIntent>('payment_intent').get(id)
  if (intent === undefined || (intent.status !== 'requires_action' && intent.status !== 'processing')) {
    const state = intent === undefined ? 'there is no such payment intent' : `it is ${intent.status}`
    throw new GoodfenceError('usage', `Nothing waits to be completed at ${id}: ${state}.`, {
      mend: 'name a payment intent that requires action',
    })
  }
  const method = account.store.of<PaymentMethod>('payment_method').get(intent.payment_method as string) as PaymentMethod
  if (how === 'fail') return void afterFailedAuthentication(account, intent, method, noRequest)
  const decline = testCardOf(account, method)?.decline
  if (decline !== undefined) return void afterDecline(account, intent, method, decline, noRequest)
  paid(account, intent, method, true, noRequest)
}
