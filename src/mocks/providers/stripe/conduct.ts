/** What happens when a payment method is charged. */
export interface Conduct {
  /** `challenge`: the customer must authenticate first. `wait`: the bank answers later. */
  readonly first: 'charge' | 'challenge' | 'wait'
  /** The bank's answer, after authentication or waiting where there is some. @default it approves */
  readonly decline?: Decline
  /** It can be kept for a customer although charging it fails. @default only what does not decline can */
  readonly attachable?: boolean
}

/** Why a bank or Stripe says no. */
export interface Decline {
  readonly code:
    | 'account_closed'
    | 'authentication_required'
    | 'card_declined'
    | 'expired_card'
    | 'incorrect_cvc'
    | 'processing_error'
  readonly declineCode?: string
}

/** What Stripe tells the payer about a decline, by decline code first. */
export function declineMessage({ code, declineCode }: Decline): string {
  return messages[declineCode ?? code] ?? messages[code] ?? 'Your card was declined.'
}

const messages: Readonly<Record<string, string>> = {
  card_declined: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  card_velocity_exceeded:
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
  authentication_not_handled:
    'This payment required an authentication action to complete, but `error_on_requires_action` was set.',
  account_closed: "The customer's bank account has been closed.",
}
