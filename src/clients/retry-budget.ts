import { type Clock, systemClock } from '../core/clock.ts'

export interface RetryBudgetOptions {
  /** Retries allowed for each call. @default 0.1 */
  readonly ratio?: number | undefined
  /** Retries allowed in any case, so that a quiet client can retry too. @default 1 a second */
  readonly minPerSecond?: number | undefined
  /** How long a call counts. @default 10,000 */
  readonly ttlMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/** Keeps retries a small part of all traffic, so that they cannot hold down a provider that is ill. */
export interface RetryBudget {
  /** A call began. */
  deposit(): void
  /** Takes one retry, if there is one left. Never waits. */
  withdraw(): boolean
  /** Retries left at this moment. */
  readonly left: number
}

const slots = 10

/**
 * Makes a budget to be shared by all who call one provider with one credential.
 *
 * Finagle's shape: a part of the calls of the last seconds, and a floor. Each operation costs the same
 * however many calls there were.
 */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { ratio = 0.1, minPerSecond = 1, ttlMs = 10_000, clock = systemClock } = options
  const floor = (minPerSecond * ttlMs) / 1_000
  const slotMs = ttlMs / slots
  const balances = Array<number>(slots).fill(0)
  let balance = 0
  let current = Math.floor(clock.monotonic() / slotMs)
  let unbooked = 0

  function add(amount: number): void {
    forget()
    const at = current % slots
    balances[at] = (balances[at] ?? 0) + amount
    balance += amount
  }

  function settle(): void {
    const deposits = unbooked * ratio
    unbooked = 0
    add(deposits)
  }

  /** Empties the slots that time has passed by. */
  function forget(): void {
    const now = Math.floor(clock.monotonic() / slotMs)
    if (now === current) return
    for (let slot = Math.max(current + 1, now - slots + 1); slot <= now; slot++) {
      balance -= balances[slot % slots] ?? 0
      balances[slot % slots] = 0
    }
    current = now
  }

  function left(): number {
    settle()
    return Math.max(0, Math.floor(balance + floor + 0.001))
  }

  return Object.assign(new Left(left), {
    deposit() {
      // Reading the clock is what costs here, so a few deposits share a reading.
      if (++unbooked === 16) settle()
    },
    withdraw() {
      settle()
      if (balance + floor < 0.999) return false // tenths do not add up to exactly one
      add(-1)
      return true
    },
  })
}

/** The accessor, in a class: V8 keeps an object literal that has one in a slow form. */
class Left {
  readonly #count: () => number

  constructor(count: () => number) {
    this.#count = count
  }

  get left(): number {
    return this.#count()
  }
}
