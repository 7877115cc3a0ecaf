import { DatabaseSync } from 'node:sqlite'
import { type Clock } from 'goodfence'
import { createMemoryInbox, createSqliteInbox, type Inbox } from 'goodfence/webhooks'
import { type KnownOrder, nextStatus, openOrders, type Orders } from './orders.ts'

/** Where the shop keeps what it knows. Orders and events stand in one place, so that they change together. */
export interface Storage {
  readonly orders: Orders
  readonly inbox: Inbox
  close(): Promise<void>
}

/** In an SQLite file, which outlives the process. */
export function fileStorage(file: string, clock: Clock): Storage {
  const database = new DatabaseSync(file)
  const inbox = createSqliteInbox({ database, clock })
  return {
    orders: openOrders(database),
    inbox,
    async close() {
      await inbox[Symbol.asyncDispose]()
      database.close()
    },
  }
}

/** In memory: for scenarios, which open a fresh shop thousands of times. */
export function memoryStorage(clock: Clock): Storage {
  return { orders: memoryOrders(), inbox: createMemoryInbox({ clock }), close: async () => {} }
}

function memoryOrders(): Orders {
  const known = new Map<string, KnownOrder>()
  const fresh = {
    status: 'pending',
    attempt: 1,
    confirms: null,
    answered: 0,
    intent: null,
    refundWanted: 0,
    shipped: 0,
  } as const
  const all = () => [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1))

  function change(id: string, fields: (order: KnownOrder) => Partial<KnownOrder>): void {
    const order = known.get(id)
    if (order !== undefined) known.set(id, { ...order, ...fields(order) })
  }
  const nextAttempt = ({ attempt, intent }: KnownOrder) => ({ attempt: attempt + 1, confirms: intent })

  return {
    get: (id) => known.get(id),
    all,
    open: () => all().filter(({ status, refundWanted }) => status === 'pending' || (status === 'paid' && refundWanted)),
    place({ id, amount, currency, card }) {
      const order = known.get(id) ?? { id, amount, currency, card, ...fresh }
      const placed =
        order.status === 'failed' ? { ...order, ...nextAttempt(order), card, status: 'pending' as const } : order
      known.set(id, placed)
      return placed
    },
    apply(id, payment) {
      const order = known.get(id)
      if (order === undefined) return false
      const status = nextStatus(order, payment.status)
      const ship = status === 'paid' && order.shipped === 0
      known.set(id, { ...order, status, intent: payment.intent, shipped: order.shipped + (ship ? 1 : 0) })
      return ship
    },
    answer: (id, attempt) => change(id, ({ answered }) => ({ answered: Math.max(answered, attempt) })),
    wantRefund: (id) => change(id, () => ({ refundWanted: 1 })),
    nextAttempt: (id) => change(id, nextAttempt),
  }
}
