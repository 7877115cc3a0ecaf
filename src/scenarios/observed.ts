import { inspect } from 'node:util'
import { type Observed } from './define.ts'

const statuses: ReadonlySet<unknown> = new Set(['pending', 'paid', 'failed', 'refunded'])

/** Hands on what observe() gave. Throws a `TypeError` that names the place when it has another shape than `Observed`. */
export function checkObserved(value: unknown): Observed {
  if (!isRecord(value)) throw wrong('observe() gave', value)
  const { orders } = value
  if (!isRecord(orders)) throw wrong('observe() gave as orders', orders)
  for (const [id, order] of Object.entries(orders)) {
    if (!isRecord(order)) throw wrong(`observe() gave as order ${id}`, order)
    const { status, fulfilled } = order
    if (!statuses.has(status)) throw wrong(`observe() gave as status of ${id}`, status)
    if (!Number.isSafeInteger(fulfilled) || (fulfilled as number) < 0)
      throw wrong(`observe() gave as fulfilled of ${id}`, fulfilled)
  }
  return value as unknown as Observed
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
}

function wrong(what: string, value: unknown): TypeError {
  const shown = inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 40, maxArrayLength: 3 })
  return new TypeError(
    `${what} ${shown}. Expected { orders: { [id]: { status: 'pending' | 'paid' | 'failed' | 'refunded', fulfilled: how many times } } }.`,
  )
}
