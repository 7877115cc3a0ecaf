/**
 * The same shop, written for the day when something goes wrong. What it relies on:
 *
 * - every call that moves money carries a key that belongs to the order, so that asking again is safe;
 * - no answer means "unknown", never "failed": the order stays pending and is asked about again;
 * - a webhook is verified over its raw bytes, stored once, acknowledged, and handled later;
 * - an event is only a hint that something changed: what is true is read from Stripe;
 * - goods go out in the same step of the database that makes the order paid.
 */
import { type Clock, type Random, type Service, systemClock } from 'goodfence'
import { createStripeClient } from 'goodfence/clients/stripe'
import { createReceiver, createWorker } from 'goodfence/webhooks'
import { stripe } from 'goodfence/providers'
import { type KnownOrder, type Order } from './orders.ts'
import { createPayments, type Told } from './payments.ts'
import { fileStorage, memoryStorage } from './storage.ts'

export interface ShopOptions {
  readonly apiKey: string
  readonly webhookSecret: string
  /** Sends the goods. */
  readonly ship: (orderId: string) => void
  /** A file for orders and events. @default none: they are forgotten with the shop */
  readonly database?: string
  /** @default Stripe */
  readonly stripeUrl?: string
  readonly fetch?: Service
  readonly clock?: Clock
  readonly random?: Random
}

/** When an order that is not settled is asked about again. After the last pause a person has to look. */
const pausesMs = [30_000, 600_000, 7_200_000, 43_200_000]

/** The events after which an order may stand differently. */
const telling = new Set([
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.refunded',
])

/** Opens the shop. */
export function createShop(options: ShopOptions) {
  const { apiKey, webhookSecret, ship, database, stripeUrl, fetch, random, clock = systemClock } = options
  const storage = database === undefined ? memoryStorage(clock) : fileStorage(database, clock)
  const { orders, inbox } = storage
  const outside = { clock, ...(random && { random }), ...(fetch && { fetch }) }
  const payments = createPayments(
    createStripeClient({ apiKey, ...(stripeUrl && { baseUrl: stripeUrl }), ...outside, throttle: {} }),
  )

  const webhooks = createReceiver({ provider: stripe, secrets: [webhookSecret], inbox, clock })
  const worker = createWorker({
    inbox,
    clock,
    ...(random && { random }),
    async handle(event, context) {
      const intent = telling.has(event.type) ? intentOf(event.data) : undefined
      if (intent === undefined) return
      const truth = await payments.read(intent)
      if (truth === undefined) return { kind: 'retry' }
      const { order, payment } = truth
      if (order !== undefined) context.effect(() => settle(order, payment))
    },
  })
  worker.start()

  /** Applies what Stripe said. What it did not say changes nothing. */
  function settle(id: string, told: Told): void {
    if (told === 'unknown') return
    if (told === 'spent') orders.nextAttempt(id)
    else if (orders.apply(id, told)) ship(id)
  }

  const timers = new Map<string, () => void>()

  /** Asks again, less and less often, until the order is settled. */
  function watch(id: string, round = 0): void {
    timers.get(id)?.()
    timers.delete(id)
    const pauseMs = pausesMs[round]
    if (pauseMs === undefined || !orders.open().some((order) => order.id === id)) return
    timers.set(
      id,
      clock.after(pauseMs, () => void reconcile(id).finally(() => watch(id, round + 1))),
    )
  }

  async function reconcile(id: string): Promise<void> {
    const order = orders.get(id)
    if (order === undefined) return
    try {
      if (order.status === 'pending') settle(id, await ask(order))
      else if (order.refundWanted === 1 && (await payments.refund(order))) settle(id, await ask(order))
    } catch {
      // Still no answer: the next round asks again.
    }
  }

  /** What came of an order's payment. */
  async function ask(order: KnownOrder): Promise<Told> {
    if (order.intent !== null && order.answered === order.attempt) {
      return (await payments.read(order.intent))?.payment ?? 'unknown'
    }
    const told = await payments.pay(order)
    if (told === 'spent') {
      const found = await payments.find(order.id)
      return found === 'none' ? 'spent' : found
    }
    if (told !== 'unknown') orders.answer(order.id, order.attempt)
    return told
  }

  /** Takes the money for an order. The order comes back as it is known then, which may be pending. */
  async function pay(wanted: Order): Promise<KnownOrder> {
    const order = orders.place(wanted)
    if (order.status === 'pending') {
      try {
        settle(order.id, await ask(order))
      } finally {
        watch(order.id)
      }
    }
    return orders.get(order.id) as KnownOrder
  }

  /** Gives the money of an order back, now or as soon as Stripe can be asked. */
  async function refund(id: string): Promise<void> {
    orders.wantRefund(id)
    await reconcile(id)
    watch(id)
  }

  // What was not settled when the shop was last closed is taken up again.
  for (const { id } of orders.open()) watch(id)

  return {
    pay,
    refund,
    webhooks,
    orders: orders.all,
    async close() {
      for (const cancel of timers.values()) cancel()
      await worker.stop()
      await storage.close()
    },
  }
}

/** The payment intent that an event is about. */
function intentOf(event: unknown): string | undefined {
  const object = (event as { data?: { object?: { object?: string; id?: string; payment_intent?: unknown } } })?.data
    ?.object
  if (object?.object === 'payment_intent') return object.id
  return typeof object?.payment_intent === 'string' ? object.payment_intent : undefined
}
