import { nearestOf } from '../core/did-you-mean.ts'
import { type RunningSubject } from './define.ts'

const optional = new Set(['operations.refund', 'busy', 'stop'])

/** Hands on what start() gave, with whatever else it has. Throws a `TypeError` that names what is missing, misspelt or no function. */
export function checkRunning(value: unknown): RunningSubject {
  if (typeof value !== 'object' || value === null) throw wrong(`${String(value)}.`)
  const { webhooks, operations, observe, busy, stop }: Partial<Record<keyof RunningSubject, unknown>> = value
  const { pay, refund } = (operations ?? {}) as Readonly<Record<string, unknown>>
  const parts = { webhooks, 'operations.pay': pay, observe, 'operations.refund': refund, busy, stop }
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'function') continue
    if (part !== undefined || !optional.has(name)) throw wrong(`no function as ${name}.`)
    const misspelt = Object.keys(value).find((each) => (nearestOf(each, [name])?.edits ?? 0) === 1)
    if (misspelt !== undefined) throw wrong(`${misspelt}. Did you mean "${name}"?`)
  }
  return value as RunningSubject
}

function wrong(what: string): TypeError {
  return new TypeError(
    `start() gave ${what} Expected { webhooks: a Service, operations: { pay, refund? }, observe, busy?, stop? }.`,
  )
}
