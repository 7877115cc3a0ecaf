import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { type Random, randomUuid } from '../core/random.ts'

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
  const patches: readonly (readonly [object, string, unknown])[] = [
    [Math, 'random', () => current()()],
    [globalThis.crypto, 'randomUUID', uuid],
    [globalThis.crypto, 'getRandomValues', fill],
    [nodeCrypto, 'randomUUID', uuid],
    [nodeCrypto, 'randomFillSync', fill],
    [
      nodeCrypto,
      'randomBytes',
      (size: number, callback?: (error: Error | null, bytes: Buffer) => void) =>
        callback === undefined ? Buffer.from(fill(new Uint8Array(size))) : realBytes(size, callback),
    ],
  ]
  const undo = patches.map(([target, name, value]) => {
    const before = Object.getOwnPropertyDescriptor(target, name)
    Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: before?.enumerable ?? true,
    })
    return () => {
      if (before === undefined) Reflect.deleteProperty(target, name)
      else Object.defineProperty(target, name, before)
    }
  })
  syncBuiltinESMExports()
  return {
    [Symbol.dispose]() {
      for (const step of undo.toReversed()) step()
      syncBuiltinESMExports()
    },
  }
}
