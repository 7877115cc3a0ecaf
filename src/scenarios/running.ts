import { didYouMean } from '../core/did-you-mean.ts'
import { type RunningSubject } from './define.ts'

const fields: readonly (keyof RunningSubject)[] = ['webhooks', 'operations', 'observe', 'busy', 'stop']

/** Hands on what start() gave. Throws a `TypeError` that names what is missing, misspelt or no function. */
export function checkRunning(value: unknown): RunningSubject {
  if (typeof value !== 'object' || value === null) throw wrong(`${String(value)}.`)
  const { webhooks, operations, observe, busy, stop }: Partial<Record<keyof RunningSubject, unknown>> = value
  const { pay, refund } = (operations ?? {}) as Readonly<Record<string, unknown>>
  const needed = { webhooks, 'operations.pay': pay, observe }
  const optional = { 'operations.refund': refund, busy, stop }
  for (const [name, each] of Object.entries(needed))
    if (typeof each !== 'function') throw wrong(`no function as ${name}.`)
  for (const [name, each] of Object.entries(optional))
    if (each !== undefined && typeof each !== 'function') throw wrong(`no function as ${name}.`)
  const stranger = Object.keys(value).find((name) => !fields.includes(name as keyof RunningSubject))
  if (stranger !== undefined) throw wrong(`${stranger}, which nobody asks for.${didYouMean(stranger, fields)}`)
  return value as RunningSubject
}

function wrong(what: string): TypeError {
  return new TypeError(
    `start() gave ${what} Expected { webhooks: a Service, operations: { pay, refund? }, observe, busy?, stop? }.`,
  )
}
