import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { timerLists } from '../../src/core/timer-lists.ts'

/** The platform's timers and clock, made by hand: what is armed, and time that the test moves. */
function platform() {
  let nowMs = 0
  const armed = new Map<object, { atMs: number; fire: () => void; alive: boolean }>()
  const after = timerLists(
    (callback, ms, list) => {
      const timer = { alive: true, ref: () => (entry.alive = true), unref: () => (entry.alive = false) }
      const entry = { atMs: nowMs + ms, fire: () => callback(list), alive: true }
      armed.set(timer, entry)
      return timer as unknown as NodeJS.Timeout
    },
    (timer) => void armed.delete(timer as unknown as object),
    () => nowMs,
  )
  const advance = (ms: number) => {
    const untilMs = nowMs + ms
    for (;;) {
      const [timer, next] = [...armed].sort((a, b) => a[1].atMs - b[1].atMs)[0] ?? []
      if (timer === undefined || next === undefined || next.atMs > untilMs) break
      nowMs = next.atMs
      armed.delete(timer)
      next.fire()
    }
    nowMs = untilMs
  }
  return { after, advance, armed, alive: () => [...armed.values()].some(({ alive }) => alive), now: () => nowMs }
}

describe('timerLists', () => {
  test('calls back never early, and late by no more than a tick', () => {
    const { after, advance, now } = platform()
    const fired: number[] = []
    after(1_000, () => fired.push(now()))
    advance(300)
    after(1_000, () => fired.push(now()))

    advance(2_000)

    expect(fired).toHaveLength(2)
    expect(fired[0]).toBeGreaterThanOrEqual(1_000)
    expect(fired[0]).toBeLessThanOrEqual(1_010)
    expect(fired[1]).toBeGreaterThanOrEqual(1_300)
    expect(fired[1]).toBeLessThanOrEqual(1_310)
  })

  test('calls back in the order of arming', () => {
    const { after, advance } = platform()
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) after(50, () => order.push(name))

    advance(100)

    expect(order).toEqual(['a', 'b', 'c'])
  })

  test('does not call back what was cancelled', () => {
    const { after, advance } = platform()
    const order: string[] = []
    const cancels = ['a', 'b', 'c', 'd'].map((name) => after(50, () => order.push(name)))

    cancels[1]?.()
    advance(20)
    cancels[0]?.()
    cancels[0]?.()
    advance(100)

    expect(order).toEqual(['c', 'd'])
  })

  test('calls back what was armed after the only other one was cancelled', () => {
    const { after, advance } = platform()
    const order: string[] = []
    after(50, () => order.push('a'))()
    after(50, () => order.push('b'))

    advance(100)

    expect(order).toEqual(['b'])
  })

  test('needs one platform timer for all of one duration', () => {
    const { after, armed } = platform()

    for (let i = 0; i < 1_000; i++) after(5_000, () => {})

    expect(armed.size).toBe(1)
  })

  test('lets the process end when nothing is armed, and not before', () => {
    const { after, alive } = platform()
    const [first, second] = [after(5_000, () => {}), after(5_000, () => {})]
    expect(alive()).toBe(true)

    first()
    expect(alive()).toBe(true)
    second()
    expect(alive()).toBe(false)
    after(5_000, () => {})

    expect(alive()).toBe(true)
  })

  test('leaves nothing behind', () => {
    const { after, advance, armed } = platform()
    after(5_000, () => {})()
    after(100, () => {})

    advance(10_000)

    expect(armed.size).toBe(0)
  })

  test('goes on after a callback that throws', () => {
    const { after, advance } = platform()
    const order: string[] = []
    after(50, () => {
      throw new Error('thrown')
    })
    after(50, () => order.push('b'))

    expect(() => advance(100)).toThrow('thrown')
    advance(100)

    expect(order).toEqual(['b'])
  })

  test('takes what is armed anew by a callback', () => {
    const { after, advance, now } = platform()
    const fired: number[] = []
    const again = () => {
      fired.push(now())
      if (fired.length < 3) after(100, again)
    }
    after(100, again)

    advance(1_000)

    expect(fired).toHaveLength(3)
  })
})

describe('systemClock', () => {
  test('uses the timers that somebody has put in place', () => {
    vi.useFakeTimers()
    try {
      let fired = false
      systemClock.after(1_000, () => (fired = true))
      expect(vi.getTimerCount()).toBe(1)

      vi.advanceTimersByTime(1_000)

      expect(fired).toBe(true)
      systemClock.after(1_000, () => {})()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
