/**
 * The shop as it is often written: it works on the first try, and on every try until something goes wrong.
 *
 * Do not copy from here. `../careful/shop.ts` does the same and survives.
 */
import { createHmac } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

export interface Order {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly card: string
}

export interface ShopOptions {
  readonly stripeUrl: string
  readonly apiKey: string
  readonly webhookSecret: string
  /** Sends the goods. */
  readonly ship: (orderId: string) => void
  /** A file, or `:memory:`. */
  readonly database?: string
}

interface Intent {
  readonly id: string
  readonly status: string
  readonly metadata: Readonly<Record<string, string>>
  readonly error?: { readonly message: string }
}

interface StripeEvent {
  readonly id: string
  readonly type: string
  readonly data: { readonly object: Intent }
}

const statusOf: Readonly<Record<string, string>> = {
  'payment_intent.created': 'pending',
  'payment_intent.requires_action': 'pending',
  'payment_intent.succeeded': 'paid',
  'payment_intent.payment_failed': 'failed',
  'charge.refunded': 'refunded',
}

/** Tells the customer; the mail server takes its time. */
async function mail(_text: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 80))
}

export function createShop({ stripeUrl, apiKey, webhookSecret, ship, database = ':memory:' }: ShopOptions) {
  const db = new DatabaseSync(database)
  db.exec(`
    CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, status TEXT, intent TEXT, shipped INTEGER DEFAULT 0);
    CREATE TABLE IF NOT EXISTS events (id TEXT);
  `)
  const headers = { authorization: `Bearer ${apiKey}` }

  async function stripe(path: string, fields: Record<string, string>): Promise<Intent> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(`${stripeUrl}${path}`, {
          method: 'POST',
          headers,
          body: new URLSearchParams(fields),
        })
        if (response.status === 429 || response.status >= 500) throw new Error(`Stripe answered ${response.status}`)
        return (await response.json()) as Intent
      } catch (error) {
        if (attempt === 3) throw error
        await new Promise((resolve) => setTimeout(resolve, 1_000))
      }
    }
  }

  function setStatus(id: string, status: string): void {
    db.prepare('UPDATE orders SET status = ? WHERE id = ?').run(status, id)
    if (status !== 'paid') return
    db.prepare('UPDATE orders SET shipped = shipped + 1 WHERE id = ?').run(id)
    ship(id)
  }

  async function pay(order: Order): Promise<void> {
    const known = db.prepare('SELECT status FROM orders WHERE id = ?').get(order.id)
    if (known?.['status'] === 'paid') return
    if (known === undefined) db.prepare("INSERT INTO orders (id, status) VALUES (?, 'pending')").run(order.id)
    const intent = await stripe('/v1/payment_intents', {
      amount: String(order.amount),
      currency: order.currency,
      payment_method: order.card,
      'payment_method_types[]': 'card',
      confirm: 'true',
      'metadata[order]': order.id,
    })
    if (intent.error !== undefined) return setStatus(order.id, 'failed')
    db.prepare('UPDATE orders SET intent = ? WHERE id = ?').run(intent.id, order.id)
    // The webhook will tell when it is paid.
  }

  async function refund(id: string): Promise<void> {
    const known = db.prepare('SELECT intent FROM orders WHERE id = ?').get(id)
    await stripe('/v1/refunds', { payment_intent: String(known?.['intent']) })
    setStatus(id, 'refunded')
  }

  async function webhooks(request: Request): Promise<Response> {
    const event = (await request.json()) as StripeEvent
    const header = request.headers.get('stripe-signature')
    if (header !== null) {
      const { t, v1 } = Object.fromEntries(header.split(',').map((part) => part.split('='))) as Record<string, string>
      const signed = createHmac('sha256', webhookSecret)
        .update(`${t}.${JSON.stringify(event, null, 2)}`)
        .digest('hex')
      if (signed !== v1) return new Response('bad signature', { status: 400 })
    }
    if (db.prepare('SELECT 1 FROM events WHERE id = ?').get(event.id) !== undefined) return new Response('seen')

    const status = statusOf[event.type]
    if (status !== undefined) {
      setStatus(event.data.object.metadata['order'] as string, status)
      await mail(`Order is now ${status}`)
    }
    db.prepare('INSERT INTO events (id) VALUES (?)').run(event.id)
    return new Response('ok')
  }

  return {
    pay,
    refund,
    webhooks,
    orders: () => db.prepare('SELECT id, status, shipped FROM orders').all(),
    close: () => db.close(),
  }
}
