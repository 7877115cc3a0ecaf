import { describe, expect, test } from 'vitest'
import { type Breaker, type BreakerOptions, createBreaker, type Verdict } from '../../src/clients/breaker.ts'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'

function world(options: BreakerOptions = {}) {
  const clock = virtualClock({ startMs: 1_000_000 })
  const breaker = createBreaker({ clock, random: () => 0, minimumCalls: 4, openMs: 1_000, ...options })
  return { clock, breaker }
}

function attempts(breaker: Breaker, ...verdicts: Verdict[]): void {
  for (const verdict of verdicts) breaker.settle(breaker.acquire(), verdict)
}

function refusal(ask: () => unknown): unknown {
  try {
    ask()
    return undefined
  } catch (error) {
    return error
  }
}

const failures: Verdict[] = ['failure', 'failure', 'failure', 'failure']

describe('createBreaker', () => {
  test('opens when half of the attempts failed, and refuses from then on', () => {
    const { breaker } = world()

    attempts(breaker, 'success', 'success', 'failure', 'failure')

    expect(breaker.state).toBe('open')
    const error = refusal(() => breaker.acquire())
    expect(isGoodfenceError(error, 'circuit_open') && error.facts.retryAtMs).toBe(1_001_000)
  })

  test('stays closed below the failure rate', () => {
    const { breaker } = world()

    attempts(breaker, 'success', 'success', 'success', 'failure', 'failure')

    expect(breaker.state).toBe('closed')
  })

  test('judges nothing before the minimum of calls', () => {
    const { breaker } = world()

    attempts(breaker, 'failure', 'failure', 'failure')

    expect(breaker.state).toBe('closed')
  })

  test('forgets what lies further back than its window', async () => {
    const { breaker, clock } = world({ window: { lastMs: 10_000 } })
    attempts(breaker, 'failure', 'failure', 'failure')

    await clock.advance(10_000)
    attempts(breaker, 'failure')

    expect(breaker.state).toBe('closed')
  })

  test('judges the last calls when it is told to count', () => {
    const { breaker } = world({ window: { lastCalls: 4 } })

    attempts(breaker, 'success', 'success', 'success', 'success', 'failure')
    expect(breaker.state).toBe('closed')
    attempts(breaker, 'failure')

    expect(breaker.state).toBe('open')
  })

  test('takes what is ignored for neither success nor failure', () => {
    const { breaker } = world()

    attempts(breaker, 'ignored', 'ignored', 'ignored', 'ignored', 'failure', 'failure', 'failure')
    expect(breaker.state).toBe('closed')
    attempts(breaker, 'failure')

    expect(breaker.state).toBe('open')
  })

  test('lets a few probes through when its time is over, and closes when they succeed', async () => {
    const { breaker, clock } = world({ probes: 2 })
    attempts(breaker, ...failures)
    await clock.advance(1_000)

    const probes = [breaker.acquire(), breaker.acquire()]
    expect(refusal(() => breaker.acquire())).toMatchObject({ code: 'circuit_open' })
    for (const probe of probes) breaker.settle(probe, 'success')

    expect(breaker.state).toBe('closed')
  })

  test('opens again for twice as long when a probe fails, up to its limit', async () => {
    const { breaker, clock } = world({ maxOpenMs: 3_000 })
    attempts(breaker, ...failures)
    const lengths: number[] = []
    for (let round = 0; round < 3; round++) {
      await clock.advance(round === 0 ? 1_000 : (lengths.at(-1) as number))
      attempts(breaker, 'failure')
      const error = refusal(() => breaker.check())
      if (isGoodfenceError(error, 'circuit_open')) lengths.push(error.facts.retryAtMs - clock.now())
    }

    expect(lengths).toEqual([2_000, 3_000, 3_000])
  })

  test('begins anew once it has closed: with an empty window, and a short time', async () => {
    const { breaker, clock } = world({ probes: 1 })
    attempts(breaker, ...failures)
    await clock.advance(1_000)
    attempts(breaker, 'success')

    attempts(breaker, 'failure', 'failure', 'failure')
    expect(breaker.state).toBe('closed')
    attempts(breaker, 'failure')

    expect(refusal(() => breaker.check())).toMatchObject({ facts: { retryAtMs: clock.now() + 1_000 } })
  })

  test('gives the place of a probe that was ignored back', async () => {
    const { breaker, clock } = world({ probes: 1 })
    attempts(breaker, ...failures)
    await clock.advance(1_000)

    attempts(breaker, 'ignored', 'ignored', 'ignored')
    expect(breaker.state).toBe('half-open')
    attempts(breaker, 'success')

    expect(breaker.state).toBe('closed')
  })

  test('gives the place of a probe that hangs to another after its lease', async () => {
    const { breaker, clock } = world({ probes: 1, probeLeaseMs: 500 })
    attempts(breaker, ...failures)
    await clock.advance(1_000)
    const hung = breaker.acquire()

    await clock.advance(500)
    const next = breaker.acquire()
    breaker.settle(hung, 'failure')
    expect(breaker.state).toBe('half-open')
    breaker.settle(next, 'success')

    expect(breaker.state).toBe('closed')
  })

  test('learns nothing from an attempt that began before it opened', async () => {
    const { breaker, clock } = world({ probes: 1 })
    const stragglers = failures.map(() => breaker.acquire())
    attempts(breaker, ...failures)
    await clock.advance(1_000)
    const probe = breaker.acquire()

    for (const straggler of stragglers) breaker.settle(straggler, 'failure')
    expect(breaker.state).toBe('half-open')
    breaker.settle(probe, 'success')
    for (const straggler of stragglers) breaker.settle(straggler, 'failure')

    expect(breaker.state).toBe('closed')
  })

  test('learns only once from one probe', async () => {
    const { breaker, clock } = world({ probes: 2 })
    attempts(breaker, ...failures)
    await clock.advance(1_000)
    const probe = breaker.acquire()

    breaker.settle(probe, 'success')
    breaker.settle(probe, 'success')

    expect(breaker.state).toBe('half-open')
  })

  test('takes nothing when it is only asked', async () => {
    const { breaker, clock } = world({ probes: 1 })
    attempts(breaker, ...failures)
    await clock.advance(1_000)

    breaker.check()
    breaker.check()

    expect(refusal(() => breaker.acquire())).toBeUndefined()
  })

  test('refuses with the same error until something changes', () => {
    const { breaker } = world()
    attempts(breaker, ...failures)

    expect(refusal(() => breaker.check())).toBe(refusal(() => breaker.check()))
  })

  test('stays isolated until everybody who asked for it lets go', () => {
    const { breaker } = world()
    const [first, second] = [breaker.isolate(), breaker.isolate()]

    first()
    first()
    expect(refusal(() => breaker.check())).toMatchObject({ facts: { retryAtMs: Infinity } })
    second()

    expect(refusal(() => breaker.check())).toBeUndefined()
  })

  test('needs no timer', async () => {
    const { breaker, clock } = world()

    attempts(breaker, ...failures)

    expect(clock.pending).toBe(0)
  })
})
