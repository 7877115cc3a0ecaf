import { syncBuiltinESMExports } from 'node:module'

/** Properties of the platform that stand replaced, until disposed of. */
export interface Replacements extends Disposable {
  replace(target: object, name: string, value: unknown): void
  /** Shows the replacements to named imports too, which without it keep what Node's modules had. */
  publish(): void
}

/** Makes an empty set of replacements. Disposing of it puts everything back, the last one first. */
export function replacements(): Replacements {
  const undo = new DisposableStack()
  undo.defer(syncBuiltinESMExports) // runs last
  return {
    replace(target, name, value) {
      const before = Object.getOwnPropertyDescriptor(target, name)
      const enumerable = before?.enumerable ?? true
      Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable })
      undo.defer(() => {
        if (before === undefined) Reflect.deleteProperty(target, name)
        else Object.defineProperty(target, name, before)
      })
    },
    publish: syncBuiltinESMExports,
    [Symbol.dispose]: () => undo.dispose(),
  }
}
