import nodeCrypto from 'node:crypto'
import { type Random, randomUuid } from '../core/random.ts'
import { replacements } from './replacements.ts'

/**
 * Replaces the platform's chance by one that repeats: `Math.random`, `crypto.randomUUID`,
 * `crypto.getRandomValues`, and the synchronous functions of `node:crypto`.
 */
export function installRandom(current: () => Random): Disposable {
  const fill = <T extends ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    const random = current()
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256)
    return view
  }
  const uuid = () => randomUuid(current())
  const realBytes = nodeCrypto.randomBytes
  const realInt = nodeCrypto.randomInt as (
    min: number,
    max: number,
    callback: (error: Error | null, n: number) => void,
  ) => void
  const replaced = replacements()
  replaced.replace(Math, 'random', () => current()())
  replaced.replace(globalThis.crypto, 'randomUUID', uuid)
  replaced.replace(globalThis.crypto, 'getRandomValues', fill)
  replaced.replace(nodeCrypto, 'randomUUID', uuid)
  replaced.replace(nodeCrypto, 'randomFillSync', fill)
  replaced.replace(nodeCrypto, 'randomBytes', (size: number, callback?: (error: Error | null, bytes: Buffer) => void) =>
    callback === undefined ? Buffer.from(fill(new Uint8Array(size))) : realBytes(size, callback),
  )
  replaced.replace(nodeCrypto, 'randomInt', (...args: Parameters<typeof realInt>) => {
    if (args.some((arg) => typeof arg === 'function')) return realInt(...args)
    const [min, max] = args[1] === undefined ? [0, args[0]] : [args[0], args[1]]
    return min + Math.floor(current()() * (max - min))
  })
  replaced.publish()
  return replaced
}
