import dns from 'node:dns/promises'
import fs from 'node:fs/promises'
import { type Clock } from '../core/clock.ts'
import { replacements } from './replacements.ts'

/**
 * Lets virtual time wait for work that settles on a real thread: WebCrypto, `fs/promises` and
 * `dns/promises`. Without it the clock would take such work for standing still and jump past it.
 */
export function holdRealWork(current: () => Clock): Disposable {
  const replaced = replacements()
  for (const target of [crypto.subtle, fs, dns] as unknown as Record<string, unknown>[]) {
    for (const name of functionsOf(target)) {
      const real = target[name] as (...args: unknown[]) => unknown
      replaced.replace(target, name, function (this: unknown, ...args: unknown[]): unknown {
        const result: unknown = Reflect.apply(real, this, args)
        return result instanceof Promise ? current().hold(result) : result
      })
    }
  }
  replaced.publish()
  return replaced
}

/** Own functions, and those of the prototype where methods live there, as with `crypto.subtle`. */
function functionsOf(target: Record<string, unknown>): readonly string[] {
  const prototype = Object.getPrototypeOf(target) as object | null
  const names = [
    ...Object.keys(target),
    ...(prototype === Object.prototype || prototype === null ? [] : Object.getOwnPropertyNames(prototype)),
  ]
  return names.filter((name) => name !== 'constructor' && /^[a-z]/.test(name) && typeof target[name] === 'function')
}
