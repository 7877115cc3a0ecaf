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
  /** Rises with every new try at paying, so that each has an idempotency key of its own. */
  readonly attempt: number
  /** The intent that this attempt confirms; null: it creates one. */
  readonly confirms: string | null
  /** The last attempt that Stripe gave an answer to. */
  readonly answered: number
  /** The one payment intent of this order, once it is known. */
  readonly intent: string | null
  /** Whether the money is to be given back. */
  readonly refundWanted: 0 | 1
  /** How many times the goods went out. */
  readonly shipped: number
}

/** What Stripe says about the payment of an order. */
export interface Payment {
  readonly intent: string
  readonly status: Status
}

/** Decides what an order becomes: money that came in stays in until it is given back, whatever arrives late. */
export function nextStatus({ status: now, attempt, answered }: KnownOrder, told: Status): Status {
  if (now === 'refunded') return 'refunded'
  if (now === 'paid' && told !== 'refunded') return 'paid'
  if (told === 'failed' && answered < attempt) return now // the failure of an earlier attempt: this one may yet succeed
  return told
}

/** The shop's orders. Every method is one step: it happens whole or not at all. */
export interface Orders {
  get(id: string): KnownOrder | undefined
  /** By id. */
  all(): readonly KnownOrder[]
  /** What is not settled between Stripe and us. */
  open(): readonly KnownOrder[]
  /** Takes an order. A copy of one that is under way or paid changes nothing; one that failed is tried again. */
  place(order: Order): KnownOrder
  /** Applies what Stripe says, and answers whether the goods have to go out because of it. */
  apply(id: string, payment: Payment): boolean
  /** Stripe gave an answer to this attempt. */
  answer(id: string, attempt: number): void
  wantRefund(id: string): void
  /** The next try gets a new key: the old one is spent. */
  nextAttempt(id: string): void
}

/** Opens the orders of a database. */
export function openOrders(database: DatabaseSync): Orders {
  database.exec(`
    CREATE TABLE IF NOT EXISTS orders (
      id TEXT PRIMARY KEY, amount INTEGER NOT NULL, currency TEXT NOT NULL, card TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'pending', attempt INTEGER NOT NULL DEFAULT 1, confirms TEXT,
      answered INTEGER NOT NULL DEFAULT 0, intent TEXT, refundWanted INTEGER NOT NULL DEFAULT 0, shipped INTEGER NOT NULL DEFAULT 0
    ) STRICT
  `)
  const insert = database.prepare(
    'INSERT INTO orders (id, amount, currency, card) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const tryAgain = database.prepare(
    `UPDATE orders SET status = 'pending', attempt = attempt + 1, confirms = intent, card = ?
     WHERE id = ? AND status = 'failed'`,
  )
  const select = database.prepare('SELECT * FROM orders WHERE id = ?')
  const selectAll = database.prepare('SELECT * FROM orders ORDER BY id')
  const selectOpen = database.prepare(
    `SELECT * FROM orders WHERE status = 'pending' OR (status = 'paid' AND refundWanted = 1) ORDER BY id`,
  )
  const update = database.prepare('UPDATE orders SET status = ?, intent = ?, shipped = ? WHERE id = ?')
  const wantRefund = database.prepare('UPDATE orders SET refundWanted = 1 WHERE id = ?')
  const raise = database.prepare('UPDATE orders SET attempt = attempt + 1, confirms = intent WHERE id = ?')
  const answer = database.prepare('UPDATE orders SET answered = max(answered, ?) WHERE id = ?')

  const get = (id: string) => select.get(id) as KnownOrder | undefined
  return {
    get,
    all: () => selectAll.all() as unknown as KnownOrder[],
    open: () => selectOpen.all() as unknown as KnownOrder[],
    place(order) {
      insert.run(order.id, order.amount, order.currency, order.card)
      tryAgain.run(order.card, order.id)
      return get(order.id) as KnownOrder
    },
    apply(id, payment) {
      const order = get(id)
      if (order === undefined) return false
      const status = nextStatus(order, payment.status)
      const ship = status === 'paid' && order.shipped === 0
      update.run(status, payment.intent, order.shipped + (ship ? 1 : 0), id)
      return ship
    },
    answer: (id, attempt) => void answer.run(attempt, id),
    wantRefund: (id) => void wantRefund.run(id),
    nextAttempt: (id) => void raise.run(id),
  }
}
