import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createJournal, journalText } from '../../src/core/journal.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type VirtualClock, virtualClock } from '../../src/core/virtual-clock.ts'

describe('virtualClock', () => {
  test('jumps over three days at once', async () => {
    const clock = virtualClock()
    await clock.run(() => clock.sleep(3 * 86_400_000))
    expect(clock.now()).toBe(3 * 86_400_000)
  })

  test('fires timers by due time, then in the order in which they were armed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), async (delays) => {
        const clock = virtualClock()
        const fired: number[] = []
        await clock.run(async () => {
          delays.forEach((ms, index) => clock.after(ms, () => fired.push(index)))
          await clock.sleep(21)
        })
        const expected = delays.map((ms, index) => ({ ms, index })).toSorted((a, b) => a.ms - b.ms || a.index - b.index)
        expect(fired).toEqual(expected.map(({ index }) => index))
        expect(clock.pending).toBe(0)
      }),
    )
  })

  test('never fires a cancelled timer, and counts only the live ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(20), fc.boolean()), { maxLength: 40 }), async (plan) => {
        const clock = virtualClock()
        const fired: number[] = []
        await clock.run(async () => {
          const cancels = plan.map(([ms], index) => clock.after(ms, () => fired.push(index)))
          plan.forEach(([, cancelled], index) => cancelled && cancels[index]?.())
          expect(clock.pending).toBe(plan.filter(([, cancelled]) => !cancelled).length)
          await clock.sleep(21)
        })
        expect(fired.toSorted((a, b) => a - b)).toEqual(
          plan.flatMap(([, cancelled], index) => (cancelled ? [] : [index])),
        )
      }),
    )
  })

  test('does not jump while a promise chain of any depth can still run', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    await clock.run(async () => {
      clock.after(1, () => seen.push('timer'))
      for (let i = 0; i < 500; i++) await new Promise<void>((resolve) => process.nextTick(resolve))
      seen.push('chain')
      await clock.sleep(2)
    })
    expect(seen).toEqual(['chain', 'timer'])
  })

  test('does not jump while real work is held', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    await clock.run(async () => {
      clock.after(1, () => seen.push('timer'))
      await clock.hold(crypto.subtle.digest('SHA-256', new Uint8Array(1_000_000)))
      seen.push('digest')
      await clock.sleep(2)
    })
    expect(seen).toEqual(['digest', 'timer'])
  })

  test('says so when the work waits for something that never comes', async () => {
    const clock = virtualClock()
    await expect(clock.run(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'clock_stuck' })
  })

  test('gives up on work that waits for ever in small steps', async () => {
    const clock = virtualClock({ limitMs: 1_000 })
    const forever = async () => {
      for (;;) await clock.sleep(100)
    }
    await expect(clock.run(forever)).rejects.toMatchObject({ code: 'clock_exhausted', facts: { limitMs: 1_000 } })
  })

  test.each([
    ['run', (clock: VirtualClock, work: () => Promise<void>) => clock.run(work)],
    [
      'advance',
      (clock: VirtualClock, work: () => Promise<void>) => {
        void work()
        return clock.advance(10)
      },
    ],
  ])('gives up on a loop whose pauses take no time: %s', async (_how, move) => {
    const clock = virtualClock({ maxTimers: 100 })
    let rounds = 0
    const forever = async () => {
      for (;;) {
        await clock.sleep(0)
        rounds++
      }
    }
    await expect(move(clock, forever)).rejects.toMatchObject({ code: 'clock_exhausted', facts: { maxTimers: 100 } })
    expect(rounds).toBe(100)
    expect(clock.now()).toBe(0)
  })

  test('lets a poll go on over many steps, however many timers that takes in all', async () => {
    const clock = virtualClock({ maxTimers: 100 })
    let polls = 0
    const poll = () => void clock.after(1, () => (polls++, poll()))
    poll()
    await clock.advanceEach([90, 90, 90])
    expect(polls).toBe(270)
    await expect(clock.advanceEach([90, 101])).rejects.toMatchObject({ code: 'clock_exhausted' })
  })

  test('rejects a pause in the turn in which its signal aborts, and leaves no timer', async () => {
    const clock = virtualClock()
    const controller = new AbortController()
    const reason = new Error('the user went away')
    await clock.run(async () => {
      clock.after(10, () => controller.abort(reason))
      await expect(clock.sleep(1_000, controller.signal)).rejects.toBe(reason)
      expect(clock.monotonic()).toBe(10)
      expect(clock.pending).toBe(0)
    })
  })

  test('makes the same journal, byte for byte, from the same seed', async () => {
    const history = async (seed: number) => {
      const clock = virtualClock({ startMs: 1_767_225_600_000 })
      const random = seededRandom(seed)
      const journal = createJournal({ clock })
      const walker = async (name: string) => {
        for (let step = 0; step < 20; step++) {
          await clock.sleep(Math.floor(random() * 5))
          journal.record({ kind: 'step', step: `${name} ${step}` })
        }
      }
      await clock.run(() => Promise.all([walker('a'), walker('b'), walker('c')]))
      return journalText(journal.entries())
    }
    expect(await history(7)).toBe(await history(7))
    expect(await history(7)).not.toBe(await history(8))
  })

  test('wakes everybody who waits for work that is held', { timeout: 2_000 }, async () => {
    const clock = virtualClock()
    const work = Promise.withResolvers<void>()
    const both = [1, 2].map(() => clock.run(() => clock.hold(work.promise)))
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
    work.resolve()
    await expect(Promise.all(both)).resolves.toHaveLength(2)
  })

  test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])('fires a timer of %d ms at once', async (ms) => {
    const clock = virtualClock()
    const fired: number[] = []
    clock.after(ms, () => fired.push(clock.now()))
    await clock.run(() => clock.sleep(5))
    expect(fired).toEqual([0])
    expect(clock.now()).toBe(5)
  })

  test('is never moved back: not by hand, and not by a small step beside a large one', async () => {
    const clock = virtualClock()
    await expect(clock.advance(-1)).rejects.toThrow(RangeError)
    await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError)
    await Promise.all([clock.run(() => clock.sleep(100)), clock.advance(5)])
    expect(clock.now()).toBe(100)
  })

  test('moves by hand and stops exactly where told', async () => {
    const clock = virtualClock({ startMs: 5_000 })
    const fired: number[] = []
    clock.after(10, () => fired.push(clock.now()))
    clock.after(30, () => fired.push(clock.now()))
    await clock.advance(20)
    expect(fired).toEqual([5_010])
    expect(clock.now()).toBe(5_020)
  })

  test('moves by steps as by as many calls, and draws each when all is quiet after the one before', async () => {
    const trace = async (move: (clock: VirtualClock, steps: Iterable<number>) => Promise<void>) => {
      const clock = virtualClock()
      const seen: string[] = []
      // Each timer leaves a tail of promise work and arms the next one.
      const tick = (left: number) => {
        seen.push(`fired at ${clock.now()}`)
        void Promise.resolve().then(async () => {
          for (let i = 0; i < 50; i++) await Promise.resolve()
          seen.push('tail')
          if (left > 0) clock.after(7, () => tick(left - 1))
        })
      }
      clock.after(0, () => tick(6))
      function* steps() {
        for (const ms of [0, 3, 10, 0, 25, 1]) {
          seen.push(`step at ${clock.now()}`)
          yield ms
        }
      }
      await move(clock, steps())
      return [...seen, clock.now()]
    }

    const inOne = await trace((clock, steps) => clock.advanceEach(steps))
    const oneByOne = await trace(async (clock, steps) => {
      for (const ms of steps) await clock.advance(ms)
    })

    expect(inOne).toEqual(oneByOne)
    expect(inOne).toContain('step at 38')
  })

  test('gives work that nobody holds a turn of the event loop in each step', async () => {
    const clock = virtualClock()
    let turns = 0
    const work = () => void setImmediate(() => ++turns < 10 && work())
    work()
    await clock.advanceEach([1, 1, 1, 1, 1])
    expect(turns).toBeGreaterThanOrEqual(5)
  })
})
