import { type DatabaseSync } from 'node:sqlite'

/** What a customer wants to buy. */
export interface Order {
  readonly id: string
  /** In the currency's smallest unit. */
  readonly amount: number
  readonly currency: string
  /** Stripe's id of the payment method. */
  readonly card: string
}

export type Status = 'pending' | 'paid' | 'failed' | 'refunded'

export interface KnownOrder extends Order {
  readonly status: Status
  /** Counts payments that Stripe has refused to begin: each needs an idempotency key of its own. */
  readonly attempt: number
  readonly intent: string | null
  /** How many times the goods went out. */
  readonly shipped: number
}

/** What Stripe says about an order's payment, in the words that matter here. */
export interface Payment {
  readonly intent: string
  readonly status: 'pending' | 'paid' | 'failed' | 'refunded'
}

/**
 * Decides what an order becomes. Money that came in stays in until it is given back, whatever arrives late.
 */
export function nextStatus(now: Status, told: Payment['status']): Status {
  if (now === 'refunded') return 'refunded'
  if (now === 'paid') return told === 'refunded' ? 'refunded' : 'paid'
  return told
}

/** The shop's orders. Every method is one step of the database: it happens whole or not at all. */
export interface Orders {
  /** Takes an order once; later copies of it change nothing. */
  place(order: Order): KnownOrder
  get(id: string): KnownOrder | undefined
  all(): readonly KnownOrder[]
  pending(): readonly KnownOrder[]
  /** Applies what Stripe says, and says whether the goods shall go out because of it. */
  apply(id: string, payment: Payment): boolean
  /** Stripe holds nothing for this attempt and never will: the next one gets a new key. */
  nextAttempt(id: string): void
}

/** Opens the orders of a database. */
export function openOrders(database: DatabaseSync): Orders {
  database.exec(`
    CREATE TABLE IF NOT EXISTS orders (
      id TEXT PRIMARY KEY, amount INTEGER NOT NULL, currency TEXT NOT NULL, card TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'pending', attempt INTEGER NOT NULL DEFAULT 1, intent TEXT, shipped INTEGER NOT NULL DEFAULT 0
    ) STRICT
  `)
  const insert = database.prepare('INSERT INTO orders (id, amount, currency, card) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const select = database.prepare('SELECT * FROM orders WHERE id = ?')
  const selectAll = database.prepare('SELECT * FROM orders ORDER BY id')
  const selectPending = database.prepare(`SELECT * FROM orders WHERE status = 'pending' ORDER BY id`)
  const update = database.prepare('UPDATE orders SET status = ?, intent = ?, shipped = ? WHERE id = ?')
  const raise = database.prepare('UPDATE orders SET attempt = attempt + 1 WHERE id = ?')

  const get = (id: string) => select.get(id) as KnownOrder | undefined
  return {
    get,
    place(order) {
      insert.run(order.id, order.amount, order.currency, order.card)
      return get(order.id) as KnownOrder
    },
    all: () => selectAll.all() as unknown as KnownOrder[],
    pending: () => selectPending.all() as unknown as KnownOrder[],
    apply(id, payment) {
      const order = get(id)
      if (order === undefined) return false
      const status = nextStatus(order.status, payment.status)
      const ship = status === 'paid' && order.shipped === 0
      update.run(status, payment.intent, order.shipped + (ship ? 1 : 0), id)
      return ship
    },
    nextAttempt: (id) => void raise.run(id),
  }
}
