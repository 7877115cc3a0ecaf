import { createStripeMock } from '../../mocks/providers/stripe/create-stripe-mock.ts'
import { stripe } from '../../providers/stripe.ts'
import { type Payment } from '../history.ts'
import { type ProviderPack, type ScenarioMock } from '../provider-pack.ts'
import { chargeScenarios } from './charges.ts'
import { customerScenarios } from './customers.ts'
import { deliveryScenarios } from './deliveries.ts'
import { exploring } from './exploring.ts'
import { forgeryScenarios } from './forgeries.ts'
import { patienceScenarios } from './patience.ts'

/** Scenarios about Stripe, against its mock. */
export const stripePack: ProviderPack = {
  name: stripe.name,
  title: stripe.title,
  baseUrl: stripe.baseUrls.test,
  hosts: [...new Set([stripe.baseUrls.test, stripe.baseUrls.live].map((url) => new URL(url).origin))],
  apiKey: 'sk_test_51ScenarioShopKeyThatMustNotShow',
  webhookSecret: 'whsec_ScenarioShopSecretThatMustNotShow',
  createMock: (options) => createStripeMock(options),
  payments: paymentsOf,
  eventText,
  scenarios: [
    ...chargeScenarios,
    ...patienceScenarios,
    ...customerScenarios,
    ...deliveryScenarios,
    ...forgeryScenarios,
  ],
  exploring,
}

/** The fields of a payment intent that tell whether money moved. */
interface Intent {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly status: string
  readonly metadata: Readonly<Record<string, string>>
  readonly last_payment_error: unknown
}

function paymentsOf(mock: ScenarioMock, isOrder: (text: string) => boolean): readonly Payment[] {
  const refunds = mock.objects('refund') as unknown as { payment_intent: string; amount: number; status: string }[]
  return (mock.objects('payment_intent') as unknown as Intent[]).map((intent) => {
    const { id, amount, currency } = intent
    const order = Object.values(intent.metadata).find(isOrder)
    const refunded = refunds
      .filter(({ payment_intent, status }) => payment_intent === id && status === 'succeeded')
      .reduce((sum, refund) => sum + refund.amount, 0)
    const payment: Payment = { id, amount, currency, refunded, status: statusOf(intent) }
    return order === undefined ? payment : Object.assign(payment, { order })
  })
}

function statusOf({ status, last_payment_error: failure }: Intent): Payment['status'] {
  if (status === 'succeeded') return 'succeeded'
  if (status === 'canceled' || (status === 'requires_payment_method' && failure !== null)) return 'failed'
  return 'pending'
}

/** Stripe indents its events by two spaces. */
function eventText(type: string, object: Readonly<Record<string, unknown>>, id: string, createdMs: number): string {
  const event = {
    id,
    object: 'event',
    api_version: stripe.versioning?.current ?? null,
    created: Math.floor(createdMs / 1000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  }
  return JSON.stringify(event, null, 2)
}
