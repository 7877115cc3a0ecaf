import { type Clock, sleepOn } from './clock.ts'
import { GoodfenceError } from './errors.ts'

export interface VirtualClockOptions {
  /** What `now()` reads at the start, in milliseconds since the Unix epoch. @default 0 */
  readonly startMs?: number
  /** How far the clock may go in one `run` before it gives up. @default 400 days */
  readonly limitMs?: number
  /** How many timers may fire in one `run`, or one step of `advanceEach`, before it gives up: a loop of short pauses gets nowhere. @default 10,000,000 */
  readonly maxTimers?: number
}

/** Time that stands still while anything can run, and jumps to the next timer when everything waits. */
export interface VirtualClock extends Clock {
  /**
   * Runs `work` to its end in virtual time and settles as it does. Rejects with `clock_stuck` when
   * the work waits for something that no timer and no held work will bring.
   */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Moves time forward by `ms`, firing what comes due on the way, in order. */
  advance(ms: number): Promise<void>
  /**
   * Advances by each of `steps` in turn, at half the price of as many calls of `advance`. A step is drawn when the one
   * before it is over and all is quiet; drawing it must start nothing that time should wait for.
   */
  advanceEach(steps: Iterable<number>): Promise<void>
  /** How many timers are armed: a leak shows here. */
  readonly pending: number
}

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly callback: () => void
  cancelled: boolean
}

// Kept before anything can patch the globals: quiescence is a fact of the real event loop.
const { setImmediate: realImmediate } = globalThis

/**
 * Makes a clock whose time passes only when nothing else can happen.
 *
 * All promise work and `process.nextTick` work is done before a timer fires, one timer fires at a time, and timers of the same
 * instant fire in the order in which they were armed; so the same program makes the same history,
 * byte for byte.
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { startMs = 0, limitMs = 400 * 86_400_000, maxTimers = 10_000_000 } = options
  const timers = timerHeap()
  let elapsedMs = 0
  let order = 0
  let fired = 0
  let held = 0
  let waitingForHeld: (() => void)[] = []

  /** Fires the next timer if it is due by `untilMs`; says whether there was one. `firedBefore`: what had fired at the start. */
  function fireNext(untilMs: number, firedBefore: number): boolean {
    const timer = timers.peek()
    if (timer === undefined || timer.atMs > untilMs) return false
    if (fired++ - firedBefore >= maxTimers)
      throw exhausted(`${maxTimers} timers had fired. Raise maxTimers, or look for a loop of short pauses.`)
    timers.pop()
    elapsedMs = Math.max(elapsedMs, timer.atMs)
    timer.callback()
    return true
  }

  function exhausted(when: string): GoodfenceError<'clock_exhausted'> {
    return new GoodfenceError('clock_exhausted', `Work was still going on after ${when}`, {
      atMs: elapsedMs,
      limitMs,
      maxTimers,
    })
  }

  /** Ends when nothing can run any more without a timer. */
  async function quiet(): Promise<void> {
    await turn()
    while (held > 0) {
      await new Promise<void>((resolve) => void waitingForHeld.push(resolve))
      await turn()
    }
  }

  const clock: VirtualClock = Object.assign(new Pending(() => timers.size()), {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    sleep: (ms: number, signal?: AbortSignal) => sleepOn(clock, ms, signal),
    after(ms: number, callback: () => void) {
      const timer: Timer = { atMs: elapsedMs + (ms > 0 ? ms : 0), order: order++, callback, cancelled: false }
      timers.push(timer)
      return () => timers.cancel(timer)
    },
    hold<T>(work: Promise<T>) {
      held++
      const release = () => {
        held--
        const woken = waitingForHeld
        waitingForHeld = []
        for (const wake of woken) wake()
      }
      work.then(release, release)
      return work
    },
    async run<T>(work: () => Promise<T>) {
      let settled = false
      const result = work()
      const settle = () => void (settled = true)
      result.then(settle, settle)
      const untilMs = elapsedMs + limitMs
      const firedBefore = fired
      for (;;) {
        await quiet()
        if (settled) return result
        if (fireNext(untilMs, firedBefore)) continue
        if (timers.peek())
          throw exhausted(`${limitMs} ms of virtual time. Raise limitMs, or look for a loop that waits for ever.`)
        throw new GoodfenceError(
          'clock_stuck',
          `At ${elapsedMs} ms of virtual time the work waits for something that no timer will bring: a promise that never settles, or real work outside clock.hold().`,
          { atMs: elapsedMs },
        )
      }
    },
    advance: (ms: number) => clock.advanceEach([ms]),
    async advanceEach(steps: Iterable<number>) {
      let fromMs = elapsedMs
      await quiet()
      for (const ms of steps) {
        if (!(ms >= 0)) throw new RangeError(`Time cannot move by ${ms} ms: give a number of at least 0.`)
        const untilMs = fromMs + ms
        const firedBefore = fired
        while (fireNext(untilMs, firedBefore)) await quiet()
        elapsedMs = Math.max(elapsedMs, untilMs)
        // Work that nobody holds gets its turns too.
        if (fired === firedBefore && ms > 0) await quiet()
        fromMs = elapsedMs
      }
    },
  })
  return clock
}

/** The one accessor, in a class: V8 keeps an object literal that has one in a slow form, and everybody reads the clock. */
class Pending {
  readonly #count: () => number

  constructor(count: () => number) {
    this.#count = count
  }

  get pending(): number {
    return this.#count()
  }
}

/** One whole turn of the event loop: every microtask and nextTick, however nested, has run before it ends. */
function turn(): Promise<void> {
  return new Promise((resolve) => void realImmediate(resolve))
}

/** A binary heap by due time, then by order of arming. Cancelled timers leave when they reach the top. */
function timerHeap() {
  const heap: Timer[] = []
  let live = 0
  const before = (a: Timer, b: Timer) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

  function pop(): void {
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const left = heap[child]
      if (left === undefined) break
      const right = heap[child + 1]
      const least = right !== undefined && before(right, left) ? (child++, right) : left
      if (!before(least, last)) break
      heap[at] = least
      at = child
    }
    heap[at] = last
  }

  function push(timer: Timer): void {
    live++
    let at = heap.push(timer) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as Timer
      if (!before(timer, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = timer
  }

  return {
    push,
    peek(): Timer | undefined {
      while (heap[0]?.cancelled) pop()
      return heap[0]
    },
    pop(): void {
      const top = heap[0]
      if (top === undefined) return
      pop()
      top.cancelled = true
      live--
    },
    cancel(timer: Timer): void {
      if (timer.cancelled) return
      timer.cancelled = true
      live--
    },
    size: () => live,
  }
}
