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
    const { data, error, response } =
      order.confirms === null
        ? await stripe.POST('/v1/payment_intents', {
            headers,
            body: {
              payment_method: order.card,
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
            body: { payment_method: order.card },
          })
    if (isIntent(data)) return paymentOf(data)
    const declined = (error as { readonly error?: { readonly payment_intent?: Intent } } | undefined)?.error
      ?.payment_intent
    if (isIntent(declined)) return paymentOf(declined)
    return response.status >= 500 && response.headers.has('idempotent-replayed') ? 'spent' : 'unknown'
  }

  /** What is true now. */
  async function read(intent: string): Promise<{ payment: Payment; order: string | undefined } | undefined> {
    const { data } = await stripe.GET('/v1/payment_intents/{intent}', {
      params: { path: { intent }, query: { expand: ['latest_charge'] } },
    })
    return isIntent(data) ? { payment: paymentOf(data), order: data.metadata?.['order'] } : undefined
  }

  /** Looks for a payment whose id never reached us. Only a list without it says that there is none. */
  async function find(orderId: string): Promise<Payment | 'none' | 'unknown'> {
    const { data } = await stripe.GET('/v1/payment_intents', { params: { query: { limit: 100 } } })
    if (!Array.isArray(data?.data)) return 'unknown'
    const found = data.data.filter(isIntent).find(({ metadata }) => metadata?.['order'] === orderId)
    return found === undefined ? 'none' : paymentOf(found)
  }

  /** Gives the money back, once, however often it is asked. */
  async function refund(order: KnownOrder): Promise<boolean> {
    const { data } = await stripe.POST('/v1/refunds', {
      headers: { 'idempotency-key': `refund-${order.id}` },
      body: { payment_intent: order.intent ?? '' },
    })
    return data?.object === 'refund'
  }

  return { pay, read, find, refund }
}

/** Whether this is what was asked for: a 200 can hold anything, such as an error or the page of a portal. */
function isIntent(data: unknown): data is Intent {
  return typeof data === 'object' && data !== null && 'object' in data && data.object === 'payment_intent'
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
