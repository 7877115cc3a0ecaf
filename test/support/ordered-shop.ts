import { virtualClock, type VirtualClock } from '../../src/core/virtual-clock.ts'
import { type WorkerLine } from '../../src/webhooks/attempt.ts'
import { type Handler } from '../../src/webhooks/handler.ts'
import { type Inbox, type NewEvent } from '../../src/webhooks/inbox.ts'
import { type OrderTable, placer } from '../../src/webhooks/orders/order-table.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { createWorker, type Worker, type WorkerOptions } from '../../src/webhooks/worker.ts'
import { unknownDelivery } from '../../src/providers/delivery-facts.ts'
import { parseJson } from '../../src/webhooks/parsed-body.ts'

/** When the clock of a shop starts. */
export const startMs = 1_767_225_600_000

/** An event of these tests: what it is about, and what else its body says. */
export interface Told {
  readonly id: string
  readonly type?: string
  readonly key?: string
  readonly [field: string]: unknown
}

/** An inbox that is filled as a receiver fills it, and a worker that handles in order. */
export interface Shop<Transaction> {
  readonly clock: VirtualClock
  readonly inbox: Inbox<Transaction>
  readonly worker: Worker
  readonly lines: readonly WorkerLine[]
  readonly put: (...events: readonly Told[]) => Promise<void>
  readonly counts: () => Promise<Readonly<Record<string, number>>>
}

/** What tells what an event is about. */
export const keyOf = ({ data }: { readonly data: unknown }): string | undefined => (data as Told).key

/** What a shop may be given. */
export type ShopOptions<Transaction> = Omit<Partial<WorkerOptions<Transaction>>, 'clock' | 'handle' | 'order'> & {
  readonly clock?: VirtualClock
}

/** Opens a shop. Its inbox is in memory, unless another is given. */
export function openShop<Transaction = undefined>(
  order: OrderTable<Transaction>,
  handle: Handler<Transaction>,
  { inbox: given, clock: asked, ...options }: ShopOptions<Transaction> = {},
): Shop<Transaction> {
  const clock = asked ?? virtualClock({ startMs })
  const inbox = given ?? (createMemoryInbox({ clock }) as Inbox<never>)
  const place = placer(order, { name: 'shop', webhooks: { delivery: unknownDelivery } })
  const lines: WorkerLine[] = []
  const worker = createWorker({
    inbox,
    handle,
    order,
    random: () => 0.5,
    log: (line) => lines.push(line),
    ...options,
    clock,
  })
  return {
    clock,
    inbox,
    worker,
    lines,
    async put(...events) {
      await inbox.put(events.map((event) => arriving(event, place)))
    },
    counts: async () => (await inbox.inspect({ limit: 0 })).counts,
  }
}

function arriving(told: Told, place: ReturnType<typeof placer>): NewEvent {
  const body = Uint8Array.from(Buffer.from(JSON.stringify(told)))
  const scope = { provider: 'shop', account: '', subscription: '', type: told.type ?? 'thing.changed' }
  return { ...scope, eventId: told.id, body, ...place({ ...scope, id: told.id, data: parseJson(body) }) }
}
