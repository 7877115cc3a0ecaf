import { type StripeClient } from 'goodfence/clients/stripe'
import { type KnownOrder, type Payment, type Status } from './orders.ts'

/** What the shop reads of a payment intent. */
interface Intent {
  readonly id: string
  readonly status: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly last_payment_error?: unknown
  readonly latest_charge?: string | { readonly refunded: boolean } | null
}

/** What Stripe said of a payment; `spent`: nothing came of this key, and nothing ever will. */
export type Told = Payment | 'unknown' | 'spent'

/** Asks Stripe for payments. No answer is ever taken for a refusal. */
export function createPayments(stripe: StripeClient) {
  /** Begins to pay, or asks again what came of it: under one key Stripe gives one answer, however often it is asked. */
  async function pay(order: KnownOrder): Promise<Told> {
    const headers = { 'idempotency-key': `order-${order.id}-${order.attempt}` }
    const shared = { payment_method: order.card, expand: ['latest_charge'] }
    const { data, error, response } =
      order.confirms === null
        ? await stripe.POST('/v1/payment_intents', {
            headers,
            body: {
              ...shared,
              amount: order.amount,
              currency: order.currency,
              confirm: true,
              payment_method_types: ['card'],
              metadata: { order: order.id },
            },
          })
        : await stripe.POST('/v1/payment_intents/{intent}/confirm', {
            headers,
            params: { path: { intent: order.confirms } },
            body: shared,
          })
    if (data !== undefined) return paymentOf(data)
    const declined = (error as { readonly error?: { readonly payment_intent?: Intent } } | undefined)?.error
      ?.payment_intent
    if (declined !== undefined) return paymentOf(declined)
    return response.status >= 500 && response.headers.has('idempotent-replayed') ? 'spent' : 'unknown'
  }

  /** What is true now. */
  async function read(intent: string): Promise<{ payment: Payment; order: string | undefined } | undefined> {
    const { data } = await stripe.GET('/v1/payment_intents/{intent}', {
      params: { path: { intent }, query: { expand: ['latest_charge'] } },
    })
    return data === undefined ? undefined : { payment: paymentOf(data), order: (data as Intent).metadata?.['order'] }
  }

  /** Looks for a payment whose id never reached us. */
  async function find(orderId: string): Promise<Payment | undefined> {
    const { data } = await stripe.GET('/v1/payment_intents', { params: { query: { limit: 100 } } })
    const found = (data?.data as readonly Intent[] | undefined)?.find(({ metadata }) => metadata?.['order'] === orderId)
    return found === undefined ? undefined : paymentOf(found)
  }

  /** Gives the money back, once, however often it is asked. */
  async function refund(order: KnownOrder): Promise<boolean> {
    const { data } = await stripe.POST('/v1/refunds', {
      headers: { 'idempotency-key': `refund-${order.id}` },
      body: { payment_intent: order.intent ?? '' },
    })
    return data !== undefined
  }

  return { pay, read, find, refund }
}

/** An intent in the shop's words. */
export function paymentOf(intent: Intent): Payment {
  return { intent: intent.id, status: statusOf(intent) }
}

function statusOf({ status, latest_charge: charge, last_payment_error: problem }: Intent): Status {
  if (status === 'succeeded') return typeof charge === 'object' && charge?.refunded === true ? 'refunded' : 'paid'
  if (status === 'canceled') return 'failed'
  if (status === 'requires_payment_method' && problem !== undefined && problem !== null) return 'failed'
  return 'pending'
}
