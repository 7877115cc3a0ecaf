import { inspect } from 'node:util'
import { GoodfenceError } from '../core/errors.ts'
import { type Service } from '../core/service.ts'
import { toPlatformResponse } from '../core/platform.ts'
import { type Egress } from './history.ts'

/** Where the requests of an integration may go, and who hears of the others. */
export interface Way {
  readonly hosts: readonly string[]
  readonly service: Service
  readonly onEgress: (request: Egress) => void
}

/**
 * Replaces the global `fetch` by a way to one provider alone. Anything else is refused, in words, since
 * a scenario that depended on the network would not repeat.
 */
export function installFetch(current: () => Way): Disposable {
  const before = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init)
    const { hosts, service, onEgress } = current()
    const { origin } = new URL(request.url)
    if (!hosts.includes(origin)) {
      onEgress({ origin, through: 'fetch' })
      throw new GoodfenceError(
        'environment',
        `Refused a request to ${origin}: in a scenario only ${hosts.join(', ')} can be reached. Give the integration the address in env.baseUrl, or replace what it calls there.`,
        { mend: 'use env.baseUrl' },
      )
    }
    return toPlatformResponse(await service(request, { signal: init?.signal ?? request.signal }))
  }
  return {
    [Symbol.dispose]() {
      globalThis.fetch = before
    },
  }
}

/** Takes what is written to the console, so that a thousand runs stay silent and can be searched for secrets. */
export function installConsole(onLine: (line: string) => void): Disposable {
  const names = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const
  const before = names.map((name) => console[name])
  for (const name of names) {
    console[name] = (...args: unknown[]) =>
      onLine(args.map((arg) => (typeof arg === 'string' ? arg : inspect(arg, { depth: 6 }))).join(' '))
  }
  return {
    [Symbol.dispose]() {
      names.forEach((name, index) => {
        console[name] = before[index] as typeof console.log
      })
    },
  }
}
