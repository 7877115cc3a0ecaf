import { GoodfenceError } from '../core/errors.ts'
import { type ReceiverOptions } from './receiver-options.ts'

const limits = [
  'maxBytes',
  'bodyTimeoutMs',
  'secretTimeoutMs',
  'storeTimeoutMs',
  'toleranceMs',
  'futureToleranceMs',
] as const

/** Throws `usage` for a limit that is no number, as an unset variable turns out: nothing is above it, so it would be none. */
export function requireLimits(options: ReceiverOptions): void {
  const wrong = limits.find((name) => Number.isNaN(options[name]))
  if (wrong === undefined) return
  const mend = `give ${wrong} as a number, or leave it out`
  throw new GoodfenceError('usage', `${wrong} is not a number, so it would limit nothing: ${mend}.`, { mend })
}
