import { type Clock, systemClock } from '../core/clock.ts'
import { GoodfenceError } from '../core/errors.ts'
import { type Random, systemRandom } from '../core/random.ts'
import { countWindow, timeWindow } from './window.ts'

export interface BreakerOptions {
  /** Opens when at least this part of the window's attempts failed. @default 0.5 */
  readonly failureRate?: number | undefined
  /** Fewer attempts in the window prove nothing. @default 20 */
  readonly minimumCalls?: number | undefined
  /** Judges the attempts of the last milliseconds, or the last so many attempts. @default { lastMs: 30,000 } */
  readonly window?: { readonly lastMs: number } | { readonly lastCalls: number } | undefined
  /** How long it stays open the first time; doubles each time that a probe fails. @default 5,000 */
  readonly openMs?: number | undefined
  /** @default 60,000 */
  readonly maxOpenMs?: number | undefined
  /** Attempts let through at once while half open, and successes that close it. @default 3 */
  readonly probes?: number | undefined
  /** A probe that has not ended by then gives its place to another. @default 30,000 */
  readonly probeLeaseMs?: number | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /** Spreads the moments at which many machines probe again. @default the system's */
  readonly random?: Random | undefined
}

/** How an attempt ended, for the breaker. What says nothing about the provider's health is ignored. */
export type Verdict = 'success' | 'failure' | 'ignored'

/** Leave to make one attempt. It is worth something only to the breaker that gave it. */
export interface Permit {
  readonly generation: number
}

/** Learns from attempts whether a provider is ill, and then refuses at once instead of waiting for it. Knows nothing of HTTP. */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open'
  /** Throws `circuit_open` when an attempt would be refused. Takes nothing. */
  check(): void
  /** Leave to make an attempt, to be settled when it ends; throws `circuit_open` when refused. */
  acquire(): Permit
  settle(permit: Permit, verdict: Verdict): void
  /** Refuses everything until each function returned is called, for maintenance. */
  isolate(): () => void
}

/**
 * Makes a breaker, closed.
 *
 * It changes when it is asked and the time has come; no timer waits for that. Each change begins a generation,
 * and what an attempt of an earlier generation learned changes nothing.
 */
export function createBreaker(options: BreakerOptions = {}): Breaker {
  const { failureRate = 0.5, minimumCalls = 20, openMs = 5_000, maxOpenMs = 60_000, probes = 3 } = options
  const {
    probeLeaseMs = 30_000,
    clock = systemClock,
    random = systemRandom,
    window: span = { lastMs: 30_000 },
  } = options
  const window = 'lastCalls' in span ? countWindow(span.lastCalls) : timeWindow(span.lastMs)
  let state: Breaker['state'] = 'closed'
  let permit: Permit = { generation: 0 }
  let openUntilMs = 0
  let openings = 0 // since it was last closed
  let successes = 0 // since it was last half open
  let isolated = 0
  let refusedUntilMs = 0
  let refusal: GoodfenceError<'circuit_open'> | undefined
  const leases = new Map<Permit, number>()

  function enter(next: Breaker['state']): void {
    state = next
    permit = { generation: permit.generation + 1 }
    successes = 0
    refusal = undefined
    leases.clear()
    window.clear()
  }

  function open(nowMs: number): void {
    const lengthMs = Math.min(maxOpenMs, openMs * 2 ** openings++)
    enter('open')
    openUntilMs = nowMs + lengthMs * (1 + random() / 10)
  }

  /** Throws unless an attempt may be made now; half open is entered here, when its time has come. */
  function admit(): void {
    if (isolated > 0) throw refuse(Infinity)
    if (state === 'closed') return
    const nowMs = clock.monotonic()
    if (state === 'open') {
      if (nowMs < openUntilMs) throw refuse(openUntilMs)
      enter('half-open')
    }
    if (leases.size < probes) return
    for (const [probe, untilMs] of leases) if (untilMs <= nowMs) leases.delete(probe)
    if (leases.size >= probes) throw refuse(Math.min(...leases.values()))
  }

  /** One error for many refusals: refusing must stay far cheaper than trying, and a stack is what makes errors dear. */
  function refuse(untilMs: number): GoodfenceError<'circuit_open'> {
    if (refusal === undefined || refusedUntilMs !== untilMs) {
      refusedUntilMs = untilMs
      const retryAtMs = clock.now() + untilMs - clock.monotonic()
      const why =
        isolated > 0 ? 'is isolated by hand' : state === 'open' ? 'failed too often lately' : 'is being probed'
      const when = untilMs === Infinity ? 'when it is let in again' : `at ${new Date(retryAtMs).toISOString()}`
      refusal = new GoodfenceError('circuit_open', `Refused without asking: the provider ${why}. Next try ${when}.`, {
        retryAtMs,
      })
    }
    return refusal
  }

  const present = () => (state === 'open' && clock.monotonic() >= openUntilMs ? 'half-open' : state)

  return Object.assign(new State(present), {
    check: admit,
    acquire(): Permit {
      admit()
      if (state === 'closed') return permit
      const probe = { generation: permit.generation }
      leases.set(probe, clock.monotonic() + probeLeaseMs)
      return probe
    },
    settle(settled: Permit, verdict: Verdict): void {
      if (settled.generation !== permit.generation) return
      if (state === 'half-open') {
        if (!leases.delete(settled) || verdict === 'ignored') return
        if (verdict === 'failure') open(clock.monotonic())
        else if (++successes >= probes) {
          openings = 0
          enter('closed')
        }
        return
      }
      if (verdict === 'ignored') return
      const nowMs = clock.monotonic()
      window.add(verdict === 'failure', nowMs)
      if (verdict !== 'failure') return
      const calls = window.calls(nowMs)
      if (calls >= minimumCalls && window.failures(nowMs) >= failureRate * calls) open(nowMs)
    },
    isolate() {
      isolated++
      let held = true
      return () => {
        if (held) isolated--
        held = false
      }
    },
  })
}

/** The accessor, in a class: V8 keeps an object literal that has one in a slow form. */
class State {
  readonly #present: () => Breaker['state']

  constructor(present: () => Breaker['state']) {
    this.#present = present
  }

  get state(): Breaker['state'] {
    return this.#present()
  }
}
