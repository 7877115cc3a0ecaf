import { randomInt, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Surroundings, openSession } from '../../src/scenarios/session.ts'
import { subjectClock } from '../../src/scenarios/subject-clock.ts'

function surroundings(change: Partial<Surroundings> = {}): Surroundings & { heard: unknown[] } {
  const heard: unknown[] = []
  const onEscape = (_kind: string, error: unknown) => void heard.push(error)
  return {
    clock: subjectClock({ clock: virtualClock(), onEscape: (error) => void heard.push(error) }),
    random: seededRandom(1),
    way: {
      hosts: ['https://api.test'],
      service: async () => new Response('from the mock'),
      onEgress: ({ origin, through }) => void heard.push(`${origin} by ${through}`),
    },
    onEscape,
    onConsole: (line) => void heard.push(line),
    heard,
    ...change,
  }
}

describe('a session', () => {
  test('leads the global fetch to the provider alone', async () => {
    using session = await openSession({ globals: true })
    const run = surroundings()
    session.enter(run)
    expect(await (await fetch('https://api.test/x')).text()).toBe('from the mock')
    const refusal = await fetch('https://example.com/secret?path').catch((error: unknown) => error)
    expect(isGoodfenceError(refusal, 'environment')).toBe(true)
    expect((refusal as Error).message).toContain('Refused a request to https://example.com')
    expect(run.heard).toEqual(['https://example.com by fetch'])
  })

  test('hears of rejections that nobody handles, and of the console', async () => {
    const before = process.listeners('unhandledRejection')
    const run = surroundings()
    {
      using session = await openSession({ globals: false })
      session.enter(run)
      void Promise.reject(new Error('nobody cares'))
      console.log('a line with', { depth: { of: { three: 3 } } })
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(run.heard).toEqual([
      'a line with { depth: { of: { three: 3 } } }',
      expect.objectContaining({ message: 'nobody cares' }),
    ])
    expect(process.listeners('unhandledRejection')).toEqual(before)
  })

  test('gives everything back when a run throws', async () => {
    const read = () => [globalThis.fetch, setTimeout, Date, console.log, Math.random, crypto.randomUUID, readFile]
    const before = read()
    const failing = async () => {
      using session = await openSession({ globals: true })
      session.enter(surroundings())
      expect(read().filter((value, index) => value === before[index])).toEqual([])
      throw new Error('a run threw')
    }
    await expect(failing()).rejects.toThrow('a run threw')
    expect(read()).toEqual(before)
  })

  test('makes the platform draw the same every time', async () => {
    const draw = async () => {
      using session = await openSession({ globals: true })
      session.enter(surroundings())
      return [
        Math.random(),
        crypto.randomUUID(),
        randomUUID(),
        randomInt(1e9),
        randomInt(5, 1e9),
        ...crypto.getRandomValues(new Uint8Array(4)),
      ]
    }
    expect(await draw()).toEqual(await draw())
  })

  test('lets time stand still while a file is read or a digest is made', async () => {
    using session = await openSession({ globals: true })
    const clock = virtualClock()
    session.enter(surroundings({ clock: subjectClock({ clock, onEscape: () => {} }) }))
    const winner = await clock.run(async () => {
      const timer = new Promise<string>((resolve) => setTimeout(() => resolve('the timer'), 1_000))
      const work = readFile(new URL(import.meta.url))
        .then((bytes) => crypto.subtle.digest('SHA-256', bytes))
        .then(() => 'the work')
      return Promise.race([timer, work])
    })
    expect(winner).toBe('the work')
    expect(clock.monotonic()).toBe(0)
  })

  test('waits for the one before it', async () => {
    const first = await openSession({ globals: true })
    let opened = false
    const second = openSession({ globals: true }).then((session) => {
      opened = true
      return session
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(opened).toBe(false)
    first[Symbol.dispose]()
    ;(await second)[Symbol.dispose]()
    expect(opened).toBe(true)
  })
})
