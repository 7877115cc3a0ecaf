import { type SubjectClock, type ArmedTimer } from './subject-clock.ts'

/** The timers of Node's globals, kept before anything replaces them. */
export const realTimers = {
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  setImmediate: globalThis.setImmediate,
  clearTimeout: globalThis.clearTimeout,
  clearInterval: globalThis.clearInterval,
  clearImmediate: globalThis.clearImmediate,
  Date: globalThis.Date,
}

type Callback = (...args: unknown[]) => void

/** What a patched `setTimeout` returns: the methods that Node's own timer has. */
class PatchedTimer {
  readonly #start: () => ArmedTimer
  #armed: ArmedTimer | undefined
  #ref = true

  constructor(start: (timer: PatchedTimer) => ArmedTimer, ref = true) {
    this.#start = () => start(this)
    this.#ref = ref
    this.refresh()
  }
  ref(): this {
    this.#ref = true
    this.#armed?.keepAlive(true)
    return this
  }
  unref(): this {
    this.#ref = false
    this.#armed?.keepAlive(false)
    return this
  }
  hasRef(): boolean {
    return this.#ref
  }
  refresh(): this {
    this.#armed?.cancel()
    this.#armed = this.#start()
    this.#armed.keepAlive(this.#ref)
    return this
  }
  close(): this {
    this.#armed?.cancel()
    this.#armed = undefined
    return this
  }
  [Symbol.toPrimitive](): number {
    return idOf(this)
  }
  [Symbol.dispose](): void {
    this.close()
  }
}

const ids = new Map<number, PatchedTimer>()
const numbers = new WeakMap<PatchedTimer, number>()
let lastId = 0

/** Timers are also known by number, as in browsers, but only once someone has asked for it. */
function idOf(timer: PatchedTimer): number {
  let id = numbers.get(timer)
  if (id === undefined) {
    id = ++lastId
    numbers.set(timer, id)
    ids.set(id, timer)
  }
  return id
}

/** The functions that stand in for the timers of the globals, on whatever clock is current when they are called. */
export function patchedTimers(current: () => SubjectClock) {
  const delay = (ms: unknown) => {
    const number = Number(ms)
    return number >= 1 && number <= 2 ** 31 - 1 ? Math.trunc(number) : 1 // as Node does
  }
  const once = (ms: number, callback: () => void) => new PatchedTimer(() => current().arm(ms, callback))
  const clear = (real: (timer: never) => void) => (timer: unknown) => {
    if (timer instanceof PatchedTimer) timer.close()
    else if ((typeof timer === 'number' || typeof timer === 'string') && ids.has(Number(timer)))
      ids.get(Number(timer))?.close()
    else real(timer as never)
  }
  return {
    setTimeout: (callback: Callback, ms?: number, ...args: unknown[]) => {
      requireFunction(callback)
      return once(delay(ms), () => callback(...args))
    },
    setImmediate: (callback: Callback, ...args: unknown[]) => {
      requireFunction(callback)
      return once(0, () => callback(...args))
    },
    setInterval: (callback: Callback, ms?: number, ...args: unknown[]) => {
      requireFunction(callback)
      return new PatchedTimer((timer) =>
        current().arm(delay(ms), () => {
          timer.refresh()
          callback(...args)
        }),
      )
    },
    clearTimeout: clear(realTimers.clearTimeout),
    clearInterval: clear(realTimers.clearInterval),
    clearImmediate: clear(realTimers.clearImmediate),
  }
}

function requireFunction(callback: unknown): void {
  if (typeof callback === 'function') return
  throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
    code: 'ERR_INVALID_ARG_TYPE',
  })
}
