import { setTimeout as namedTimeout } from 'node:timers'
import {
  scheduler,
  setImmediate as promisedImmediate,
  setInterval as promisedInterval,
  setTimeout as sleep,
} from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { installClock, realNow } from '../../src/scenarios/install-clock.ts'
import { subjectClock } from '../../src/scenarios/subject-clock.ts'

const startMs = Date.UTC(2026, 0, 1)

/** Runs `work` with the globals on a virtual clock and answers how much virtual time went by. */
async function patched<T>(work: () => Promise<T>): Promise<{ value: T; elapsedMs: number; escaped: unknown[] }> {
  const escaped: unknown[] = []
  const clock = virtualClock({ startMs })
  const time = subjectClock({ clock, onEscape: (error) => escaped.push(error) })
  using _installed = installClock(() => time)
  const value = await clock.run(work)
  return { value, elapsedMs: clock.monotonic(), escaped }
}

describe('the platform on a virtual clock', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['setTimeout', () => new Promise((resolve) => setTimeout(resolve, 5_000))],
    ['setTimeout of node:timers by name', () => new Promise((resolve) => namedTimeout(resolve, 5_000))],
    ['a promised setTimeout', () => promisify(setTimeout)(5_000)],
    ['setTimeout of node:timers/promises by name', () => sleep(5_000)],
    ['scheduler.wait', () => scheduler.wait(5_000)],
    [
      'AbortSignal.timeout',
      () => new Promise((resolve) => AbortSignal.timeout(5_000).addEventListener('abort', resolve)),
    ],
    [
      'AbortSignal.any over AbortSignal.timeout',
      () =>
        new Promise((resolve) =>
          AbortSignal.any([AbortSignal.timeout(5_000), new AbortController().signal]).addEventListener(
            'abort',
            resolve,
          ),
        ),
    ],
    [
      'setInterval',
      () =>
        new Promise<void>((resolve) => {
          let count = 0
          const interval = setInterval(() => {
            if (++count < 5) return
            clearInterval(interval)
            resolve()
          }, 1_000)
        }),
    ],
    [
      'setInterval of node:timers/promises',
      async () => {
        let count = 0
        for await (const _ of promisedInterval(1_000)) if (++count === 5) break
      },
    ],
  ])('%s waits in virtual time', async (_, work) => {
    const beganMs = realNow()
    const { elapsedMs } = await patched(work)
    expect(elapsedMs).toBe(5_000)
    expect(realNow() - beganMs).toBeLessThan(4_000)
  })

  test('every way to read the time reads the same', async () => {
    const { value } = await patched(async () => {
      const before = [Date.now(), performance.now(), process.hrtime.bigint()] as const
      await sleep(1_500)
      return {
        now: Date.now() - startMs,
        date: new Date().toISOString(),
        since: performance.now() - before[1],
        nanos: Number(process.hrtime.bigint() - before[2]),
        text: new Date(0).toISOString(),
        isDate: new Date() instanceof Date,
      }
    })
    expect(value).toEqual({
      now: 1_500,
      date: '2026-01-01T00:00:01.500Z',
      since: 1_500,
      nanos: 1_500_000_000,
      text: '1970-01-01T00:00:00.000Z',
      isDate: true,
    })
  })

  test('immediates run, and in order', async () => {
    const { value, elapsedMs } = await patched(async () => {
      const order: string[] = []
      setImmediate(() => order.push('first'))
      setImmediate(() => order.push('second'))
      await promisedImmediate()
      return order
    })
    expect(value).toEqual(['first', 'second'])
    expect(elapsedMs).toBe(0)
  })

  test('a cleared timer never fires, by object and by number', async () => {
    const { value } = await patched(async () => {
      let fired = 0
      clearTimeout(setTimeout(() => fired++, 10))
      clearTimeout(Number(setTimeout(() => fired++, 10)))
      clearImmediate(setImmediate(() => fired++))
      await sleep(100)
      return fired
    })
    expect(value).toBe(0)
  })

  test('a refreshed timer begins anew', async () => {
    const { elapsedMs } = await patched(
      () =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 1_000)
          setTimeout(() => timer.refresh(), 600)
        }),
    )
    expect(elapsedMs).toBe(1_600)
  })

  test('a promised timer gives up when its signal aborts, as the platform does', async () => {
    const { value, elapsedMs } = await patched(async () => {
      const error = await sleep(60_000, undefined, { signal: AbortSignal.timeout(100) }).catch(
        (reason: unknown) => reason,
      )
      return error as Error
    })
    expect(value).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: { name: 'TimeoutError' } })
    expect(elapsedMs).toBe(100)
  })

  test('an exception in a timer is told, and time goes on', async () => {
    const { escaped, elapsedMs } = await patched(async () => {
      setTimeout(() => {
        throw new Error('in a timer')
      }, 10)
      await sleep(50)
    })
    expect(escaped).toMatchObject([{ message: 'in a timer' }])
    expect(elapsedMs).toBe(50)
  })

  test('nextTick and microtasks stay what they are', () => {
    const before = [process.nextTick, queueMicrotask]
    const time = subjectClock({ clock: virtualClock(), onEscape: () => {} })
    using _installed = installClock(() => time)
    expect([process.nextTick, queueMicrotask]).toEqual(before)
  })

  test('everything is put back, also after a throw', async () => {
    const read = () => [
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      Date,
      process.hrtime,
      AbortSignal.timeout,
      sleep,
      namedTimeout,
      performance.now,
    ]
    const before = read()
    await expect(
      patched(async () => {
        expect(read()).not.toEqual(before)
        throw new Error('the subject threw')
      }),
    ).rejects.toThrow('the subject threw')
    expect(read()).toEqual(before)
    expect(Object.hasOwn(performance, 'now')).toBe(false)
  })
})
