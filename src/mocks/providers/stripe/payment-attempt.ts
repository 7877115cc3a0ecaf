import { Refused, type Refusal } from '../../refusal.ts'
import { type Account, type Cause } from './account.ts'
import { update } from './change.ts'
import { approvedCharge, declinedCharge } from './charges.ts'
import { type Decline, declineMessage } from './conduct.ts'
import { docUrl, stripeRefusal } from './error.ts'
import { type IntentMove, intentAfter, intentEvents } from './payment-intent-machine.ts'
import { type PaymentIntent, orderOf } from './payment-intent-object.ts'
import { type PaymentMethod, conductOf } from './payment-method-object.ts'

/** How a confirmation was asked for. */
export interface AttemptTerms {
  readonly offSession: boolean
  /** An authentication counts as an error. */
  readonly errorOnAction: boolean
  readonly returnUrl: string | undefined
}

/** Moves an intent, keeps it and tells of the move. What the table does not allow is a defect of the caller. */
export function moved(
  account: Account,
  intent: PaymentIntent,
  move: IntentMove,
  fields: Partial<PaymentIntent>,
  cause: Cause,
): PaymentIntent {
  const status = intentAfter(intent.status, move)
  if (status === undefined) throw new TypeError(`A payment intent that is ${intent.status} cannot ${move}.`)
  const after: PaymentIntent = { ...intent, ...fields, status }
  account.keep(after, status, cause)
  const event = intentEvents[move]
  if (event !== undefined) account.tell(event, after, cause)
  return after
}

/** Tries to pay an intent with its payment method. Refuses with Stripe's 402 when the card says no, after keeping that it did. */
export function attempt(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  terms: AttemptTerms,
  cause: Cause,
): PaymentIntent {
  const { first, decline } = conductOf(account, method)
  if (first === 'wait')
    return moved(
      account,
      intent,
      'wait',
      { payment_method: method.id, next_action: null, last_payment_error: null },
      cause,
    )
  if (first === 'challenge') {
    if (terms.offSession) return declined(account, intent, method, authenticationRequired, cause)
    if (terms.errorOnAction) return notHandled(account, intent, method, cause)
    return moved(
      account,
      intent,
      'challenge',
      {
        payment_method: method.id,
        next_action: nextAction(account, intent, terms.returnUrl),
        last_payment_error: null,
      },
      cause,
    )
  }
  if (decline !== undefined) return declined(account, intent, method, decline, cause)
  return paid(account, intent, method, false, cause)
}

/** The bank approved: the money is taken, or held where the intent is captured by hand. */
export function paid(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  authenticated: boolean,
  cause: Cause,
): PaymentIntent {
  const capture = intent.capture_method !== 'manual'
  keepForLater(account, intent, method, cause)
  const charge = approvedCharge(account, orderOf(intent), method, capture, authenticated, cause)
  const fields = {
    amount_capturable: capture ? 0 : intent.amount,
    amount_received: capture ? intent.amount : 0,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
  }
  return moved(account, intent, capture ? 'approve' : 'authorize', fields, cause)
}

/** An intent that says so leaves its payment method with the customer once it is paid. */
function keepForLater(account: Account, intent: PaymentIntent, method: PaymentMethod, cause: Cause): void {
  if (intent['setup_future_usage'] === null || intent.customer === null || method.customer !== null) return
  update(account, method, { customer: intent.customer }, cause, 'payment_method.attached')
}

/** The card said no: the intent waits for another payment method, and the answer is the 402. */
export function declined(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  decline: Decline,
  cause: Cause,
): never {
  const { refusal } = afterDecline(account, intent, method, decline, cause)
  throw new Refused(refusal)
}

/** What a decline leaves behind, for those who are not answered with it. */
export function afterDecline(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  decline: Decline,
  cause: Cause,
): { readonly intent: PaymentIntent; readonly refusal: Refusal } {
  const charge = declinedCharge(account, orderOf(intent), method, decline, cause)
  return failed(
    account,
    { ...intent, latest_charge: charge.id },
    method,
    { ...decline, charge: charge.id },
    'card_error',
    declineMessage(decline),
    cause,
  )
}

/** The customer did not prove to be the one: nothing was charged. */
export function afterFailedAuthentication(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  cause: Cause,
): PaymentIntent {
  const message =
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.'
  return failed(
    account,
    intent,
    method,
    { code: 'payment_intent_authentication_failure' },
    'invalid_request_error',
    message,
    cause,
  ).intent
}

function failed(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  failure: { readonly code: string; readonly declineCode?: string; readonly charge?: string },
  type: 'card_error' | 'invalid_request_error',
  message: string,
  cause: Cause,
) {
  const { code, declineCode, charge } = failure
  const details = {
    ...(charge === undefined ? {} : { charge }),
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
  }
  const after = moved(
    account,
    intent,
    'decline',
    {
      last_payment_error: { ...details, code, doc_url: docUrl(code), message, payment_method: method, type },
      next_action: null,
      payment_method: null,
    },
    cause,
  )
  const refusal = stripeRefusal(402, type, code, message, { ...details, payment_intent: after, payment_method: method })
  return { intent: after, refusal: { ...refusal, summary: `${after.id} ${declineCode ?? code}` } }
}

/** The bank wants to hear from a customer who is not there. */
const authenticationRequired: Decline = { code: 'authentication_required', declineCode: 'authentication_required' }

/**
 * Nobody was to authenticate, so the bank was not asked for the money (docs.stripe.com, "Card payments without bank
 * authentication", read 2026-11-29).
 */
function notHandled(account: Account, intent: PaymentIntent, method: PaymentMethod, cause: Cause): never {
  const decline: Decline = { code: 'authentication_required', declineCode: 'authentication_not_handled' }
  const { refusal } = failed(account, intent, method, decline, 'card_error', declineMessage(decline), cause)
  throw new Refused(refusal)
}

function nextAction(account: Account, intent: PaymentIntent, returnUrl: string | undefined): Record<string, unknown> {
  const source = account.draw('authentication', 24)
  if (returnUrl === undefined)
    return {
      type: 'use_stripe_sdk',
      use_stripe_sdk: {
        type: 'three_d_secure_redirect',
        stripe_js: `https://hooks.stripe.com/redirect/authenticate/src_${source}`,
        source: `src_${source}`,
      },
    }
  return {
    type: 'redirect_to_url',
    redirect_to_url: {
      return_url: returnUrl,
      url: `https://hooks.stripe.com/3d_secure_2/hosted?merchant=acct_goodfence&payment_intent=${intent.id}&source=src_${source}`,
    },
  }
}
