import { type Clock } from '../core/clock.ts'
import { realTimers } from './patched-timers.ts'

/** A `Date` that reads the time from whatever clock is current, and is otherwise the platform's own. */
export function patchedDate(current: () => Clock): DateConstructor {
  const Real = realTimers.Date
  function PatchedDate(this: unknown, ...args: unknown[]): unknown {
    if (new.target === undefined) return new Real(current().now()).toString()
    const values = args.length === 0 ? [Math.floor(current().now())] : args
    return Reflect.construct(Real, values, new.target === PatchedDate ? Real : new.target)
  }
  PatchedDate.prototype = Real.prototype
  const statics = { now: () => Math.floor(current().now()), parse: Real.parse, UTC: Real.UTC }
  for (const [name, value] of Object.entries(statics))
    Object.defineProperty(PatchedDate, name, { value, writable: true, configurable: true })
  Object.defineProperty(PatchedDate, 'length', { value: 7 })
  Object.defineProperty(PatchedDate, 'name', { value: 'Date' })
  // What was made before is a Date too.
  Object.defineProperty(PatchedDate, Symbol.hasInstance, { value: (value: unknown) => value instanceof Real })
  return PatchedDate as unknown as DateConstructor
}
