import { inspect } from 'node:util'
import { maskPath } from '../../core/mask-path.ts'
import { type History } from '../history.ts'
import { type Invariant } from './invariant.ts'

/** No secret shows in a log, an error, an effect or the address of a request. */
export function secretsNotLeaked(): Invariant {
  return {
    name: 'secrets-not-leaked',
    promise: 'No secret shows in logs, errors or addresses.',
    check: (history) =>
      Object.entries(history.secrets).flatMap(([name, secret]) => {
        const place = placeOf(secret, history)
        return place === undefined ? [] : [{ happened: `The ${name} shows in ${place}.` }]
      }),
  }
}

function placeOf(secret: string, history: History): string | undefined {
  if (history.console.some((line) => line.includes(secret))) return 'what the shop wrote to the console'
  for (const { error } of history.calls)
    if (error !== undefined && shown(error).includes(secret)) return 'an error that a call ended with'
  for (const { error } of history.escaped) if (shown(error).includes(secret)) return 'an error that escaped'
  const hidden = maskPath(secret)
  for (const entry of history.entries) {
    if (entry.kind === 'effect' && JSON.stringify(entry).includes(secret)) return 'the facts of an effect'
    if (entry.kind === 'request' && (entry.path.includes(secret) || entry.path.split('/').includes(hidden)))
      return 'the address of a request'
  }
  return undefined
}

/** As a logger would print it, with nested objects. */
function shown(error: unknown): string {
  return inspect(error, { depth: 6 })
}
