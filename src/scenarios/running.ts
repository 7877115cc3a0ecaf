import { type RunningSubject } from './define.ts'

/** Hands on what start() gave. Throws a `TypeError` that names what is missing. */
export function checkRunning(value: unknown): RunningSubject {
  const { webhooks, operations, observe }: Partial<Record<keyof RunningSubject, unknown>> = value ?? {}
  const pay = (operations as Partial<RunningSubject['operations']> | undefined | null)?.pay
  const missing = Object.entries({ webhooks, 'operations.pay': pay, observe }).find(([, each]) => !isFunction(each))
  if (missing === undefined) return value as RunningSubject
  throw new TypeError(
    `start() gave ${value === undefined || value === null ? `${value}` : `no function as ${missing[0]}`}. Expected { webhooks: a Service, operations: { pay, refund? }, observe, busy?, stop? }.`,
  )
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}
