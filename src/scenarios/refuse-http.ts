import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import { GoodfenceError } from '../core/errors.ts'
import { type Egress } from './history.ts'

/**
 * Refuses requests through `node:http` and `node:https` that would leave the machine: they go past the
 * global `fetch`, and a library that makes them would reach the real provider. What stays on the machine,
 * such as a database, is let through.
 */
export function refuseHttp(onEgress: (request: Egress) => void): Disposable {
  const undo: (() => void)[] = []
  for (const [module, scheme] of [
    [http, 'http:'],
    [https, 'https:'],
  ] as const) {
    for (const name of ['request', 'get'] as const) {
      const real = module[name] as (...args: unknown[]) => unknown
      const guarded = (...args: unknown[]): unknown => {
        const host = hostOf(args)
        if (isLoopback(host)) return Reflect.apply(real, module, args)
        const origin = `${scheme}//${host}`
        onEgress({ origin, through: 'node:http' })
        throw refusal(origin)
      }
      Object.assign(module, { [name]: guarded })
      undo.push(() => Object.assign(module, { [name]: real }))
    }
  }
  syncBuiltinESMExports()
  return {
    [Symbol.dispose]() {
      for (const step of undo) step()
      syncBuiltinESMExports()
    },
  }
}

/** The host of `request(url, options)` or `request(options)`. */
function hostOf(args: readonly unknown[]): string {
  for (const arg of args) {
    if (typeof arg === 'string') return new URL(arg).hostname
    if (arg instanceof URL) return arg.hostname
    if (typeof arg !== 'object' || arg === null) continue
    const { hostname, host } = arg as { readonly hostname?: unknown; readonly host?: unknown }
    const name = hostname ?? host
    if (typeof name === 'string') return name.replace(/:\d+$/, '')
  }
  return 'localhost'
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host)
}

/** What to do about a library that goes past fetch. */
export const useFetch =
  "Let it use fetch (Stripe's library: httpClient: Stripe.createFetchHttpClient() with time 'globals', or Stripe.createFetchHttpClient(env.fetch) with any)."

function refusal(origin: string): GoodfenceError<'environment'> {
  return new GoodfenceError(
    'environment',
    `Refused a request to ${origin} through node:http, which goes past the global fetch. ${useFetch}`,
    { mend: 'let the library use fetch' },
  )
}
