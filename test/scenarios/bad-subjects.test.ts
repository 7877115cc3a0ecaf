import { readFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { type Checked, check } from '../../src/scenarios/check.ts'
import { type Scenario, type Subject, type SubjectEnv, defineScenario } from '../../src/scenarios/define.ts'
import * as invariants from '../../src/scenarios/invariants/index.ts'
import { openSession } from '../../src/scenarios/session.ts'
import { createStage } from '../../src/scenarios/stage.ts'
import { order } from '../../src/scenarios/workload.ts'
import { fakePack } from './fake-provider.ts'
import { shop } from './shops.ts'

const scenario = defineScenario({
  name: 'takes a payment',
  provider: 'fake',
  promise: 'An order is paid for.',
  workload: [{ do: 'pay', order: order('order-1') }],
  plan: { faults: [] },
  invariants: [
    invariants.atMostOnce(),
    invariants.paidIsFulfilled(),
    invariants.converges(),
    invariants.nothingEscapes(),
    invariants.nothingIsLeft(),
    invariants.secretsNotLeaked(),
    invariants.requestsValid(),
  ],
})

async function checked(subject: Subject, about: Scenario = scenario): Promise<Checked> {
  await using stage = await createStage({ pack: fakePack(), seed: 1 })
  using session = await openSession({ globals: subject.time !== 'injected' })
  return await check({ stage, session, subject, scenario: about })
}

async function verdictOf(subject: Subject): Promise<string> {
  const { result } = await checked(subject)
  return `${result?.verdict}: ${result?.violations[0]?.happened ?? result?.reason ?? ''}`
}

const never = new Promise<never>(() => {})

describe('a subject that misbehaves', () => {
  test('throws when it starts', async () => {
    const subject = shop({
      start() {
        throw new TypeError('no database')
      },
    })
    expect(await verdictOf(subject)).toBe(
      'unknown: The subject threw while starting: TypeError: no database. Mend it, then run again.',
    )
    const { startFailure } = await checked(subject)
    expect(isGoodfenceError(startFailure, 'subject_failed')).toBe(true)
    expect(startFailure?.cause).toBeInstanceOf(TypeError)
  })

  test.each([
    ['nothing', undefined, 'start() gave undefined.'],
    ['null', null, 'start() gave null.'],
    ['no webhooks', { operations: { pay() {} }, observe() {} }, 'start() gave no function as webhooks.'],
    ['no way to pay', { webhooks() {}, operations: {}, observe() {} }, 'start() gave no function as operations.pay.'],
    [
      'a busy that is none',
      { webhooks() {}, operations: { pay() {} }, observe() {}, busy: true },
      'start() gave no function as busy.',
    ],
    [
      'a misspelt name',
      { webhooks() {}, operations: { pay() {} }, observe() {}, bussy() {} },
      'start() gave bussy. Did you mean "busy"?',
    ],
    ['nothing to observe', { webhooks() {}, operations: { pay() {} } }, 'start() gave no function as observe.'],
  ])('gives %s when it starts', async (_what, running, message) => {
    const subject = { ...shop(), start: async () => running } as unknown as Subject
    expect(await verdictOf(subject)).toContain(`unknown: The subject threw while starting: TypeError: ${message}`)
    expect((await checked(subject)).startFailure?.code).toBe('subject_failed')
  })

  test.each([
    ['of its own clock', 'injected', ({ clock }: SubjectEnv) => clock.sleep(0)],
    ['of the globals', 'globals', () => new Promise((resolve) => void setTimeout(resolve, 0))],
  ] as const)('goes round in circles with pauses of nothing %s', async (_whose, time, pause) => {
    const subject = shop({
      time,
      running: (running, env) => ({
        ...running,
        operations: {
          async pay() {
            for (;;) await pause(env)
          },
        },
      }),
    })
    await using stage = await createStage({ pack: fakePack(), seed: 1, maxTimers: 5_000 })
    using session = await openSession({ globals: time === 'globals' })
    const { result } = await check({ stage, session, subject, scenario })
    expect(result).toMatchObject({ verdict: 'unknown', runs: 1 })
    expect(result?.reason).toContain(
      'The subject goes round in circles: 5000 timers fired in a row and it was not done.',
    )
  })

  test('never finishes starting', async () => {
    expect(await verdictOf(shop({ start: () => never }))).toContain(
      'unknown: The subject had not finished starting after 60 seconds of its own time',
    )
  })

  test('loads something when it starts, which takes real time, and is started once more', async () => {
    let loaded = false
    const subject = shop({
      async start() {
        if (!loaded) await readFile(new URL(import.meta.url))
        loaded = true
      },
    })
    expect(await verdictOf(subject)).toBe('holds: ')
  })

  test('cannot be observed', async () => {
    const subject = shop({ running: (running) => ({ ...running, observe: () => Promise.reject(new Error('locked')) }) })
    expect(await verdictOf(subject)).toContain('unknown: The subject threw while being observed: Error: locked')
  })

  test('may give more than it is asked for', async () => {
    class Shop {
      database = 'shop.db'
    }
    expect(await verdictOf(shop({ running: (running) => Object.assign(new Shop(), running) }))).toBe('holds: ')
  })

  test('throws when it is asked whether it is busy', async () => {
    const busy = () => {
      throw new RangeError('not now')
    }
    const subject = shop({ running: (running) => ({ ...running, busy }) })
    expect(await verdictOf(subject)).toContain('unknown: The subject threw in busy(): RangeError: not now')
  })

  test('never finishes stopping', async () => {
    const subject = shop({ running: (running) => ({ ...running, stop: () => never }) })
    expect(await verdictOf(subject)).toContain('unknown: The subject had not finished stopping')
  })

  test('leaves a timer behind, which is told with its place', async () => {
    const subject = shop({
      running(running, env) {
        const poll = () => void env.clock.after(60_000, poll)
        poll()
        return running
      },
    })
    expect(await verdictOf(subject)).toMatch(
      /^broken: 1 timer was still armed after it had been stopped, the first one armed at .*bad-subjects\.test\.ts/,
    )
  })

  test('leaves an interval of the globals behind, unless it keeps nothing alive', async () => {
    const leaky = (unref: boolean) =>
      shop({
        time: 'globals',
        start() {
          const timer = setInterval(() => {}, 1_000)
          if (unref) timer.unref()
        },
      })
    expect(await verdictOf(leaky(false))).toContain('broken: 1 timer was still armed')
    expect(await verdictOf(leaky(true))).toBe('holds: ')
  })

  test('lets a rejection escape', async () => {
    const subject = shop({
      running(running) {
        void Promise.reject(new Error('fire and forget'))
        return running
      },
    })
    expect(await verdictOf(subject)).toBe(
      'broken: The process would have ended: unhandled rejection, Error: fire and forget.',
    )
  })

  test('throws in a timer', async () => {
    const subject = shop({
      start: ({ clock }) =>
        void clock.after(5, () => {
          throw new RangeError('in a timer')
        }),
    })
    expect(await verdictOf(subject)).toBe(
      'broken: The process would have ended: exception in a timer, RangeError: in a timer.',
    )
  })

  test('logs a secret', async () => {
    const subject = shop({ start: (env) => console.error('starting with', { key: env.apiKey }) })
    expect(await verdictOf(subject)).toBe('broken: The API key shows in what the shop wrote to the console.')
  })

  test('fails with an error that holds a secret', async () => {
    const subject = shop({
      running: (running, env) => ({
        ...running,
        operations: {
          pay: () =>
            Promise.reject(Object.assign(new Error('401'), { config: { headers: { authorization: env.apiKey } } })),
        },
      }),
    })
    expect(await verdictOf(subject)).toBe('broken: The API key shows in an error that a call ended with.')
  })

  test('asks somebody else', async () => {
    const subject = shop({
      time: 'globals',
      running: (running) => ({
        ...running,
        operations: {
          async pay(wanted) {
            await fetch('https://tax.example/rates').catch(() => {})
            return running.operations.pay(wanted)
          },
        },
      }),
    })
    expect(await verdictOf(subject)).toContain('unknown: The subject tried to reach https://tax.example')
  })

  test('asks nobody', async () => {
    const subject = shop({ running: (running) => ({ ...running, operations: { pay: async () => {} } }) })
    expect(await verdictOf(subject)).toContain('unknown: No request reached the provider.')
  })

  test('uses another key', async () => {
    const subject = shop({
      running: (running, env) => ({
        ...running,
        operations: { pay: () => env.fetch(new Request(`${env.baseUrl}/charges`, { method: 'POST' })) },
      }),
    })
    expect(await verdictOf(subject)).toContain('broken: The provider refused POST /charges with 401')
  })

  test('does something else each time', async () => {
    let run = 0
    const subject = shop({ keyless: true, start: ({ effect }) => effect('start', `run ${run++}`) })
    const plan = { faults: [{ on: { operation: 'POST /charges', nth: [1] }, fault: { kind: 'lost-reply' as const } }] }
    const { result } = await checked(subject, { ...scenario, plan })
    expect(result?.verdict).toBe('unknown')
    expect(result?.reason).toContain('came out differently the second time')
    expect(result?.reason).toContain('"key":"run')
  })

  test('cannot refund what the scenario refunds', async () => {
    const { result, leftOut } = await checked(shop(), {
      ...scenario,
      workload: [...scenario.workload, { do: 'refund', order: 'order-1' }],
    })
    expect(result).toBeUndefined()
    expect(leftOut).toBe('"takes a payment" is left out: shop has no operation "refund".')
  })

  test('takes its time from the globals and is held to the same promises', async () => {
    const subject = shop({
      time: 'globals',
      running: (running) => ({
        ...running,
        operations: {
          async pay(wanted) {
            await new Promise((resolve) => setTimeout(resolve, 86_400_000))
            return running.operations.pay(wanted)
          },
        },
      }),
    })
    const slow = {
      ...scenario,
      workloadLimitMs: 172_800_000,
      invariants: [invariants.boundedTime({ withinMs: 60_000 })],
    }
    const { result } = await checked(subject, slow)
    expect(result?.violations[0]?.happened).toBe(
      '"pay order-1, 20.00 usd, pm_card_visa" took 1 d; 1 min were promised.',
    )
  })

  describe('ends the process', () => {
    const during = (end: () => void, change: Parameters<typeof shop>[0] = {}) =>
      shop({ ...change, running: (running) => ({ ...running, operations: { pay: async () => end() } }) })
    const told = (call: string) => `broken: The process would have ended: the integration called process.${call}.`

    test('in an operation, which is told as broken by whatever scenario', async () => {
      for (const time of ['injected', 'globals'] as const) {
        const { result } = await checked(
          during(() => process.exit(0), { time }),
          {
            ...scenario,
            invariants: [invariants.atMostOnce()],
          },
        )
        expect(result?.violations[0]?.happened).toBe(
          'The process would have ended: the integration called process.exit(0).',
        )
      }
    })

    test('in other ways', async () => {
      expect(await verdictOf(during(() => process.exit()))).toBe(told('exit()'))
      expect(await verdictOf(during(() => process.abort()))).toBe(told('abort()'))
      expect(await verdictOf(during(() => process.kill(process.pid)))).toBe(told('kill(process.pid)'))
    })

    test('because a rejection reaches its own last handler', async () => {
      const handler = () => process.exit(1)
      const subject = shop({
        running(running) {
          process.on('unhandledRejection', handler)
          void Promise.reject(new Error('fire and forget'))
          return { ...running, stop: async () => void process.off('unhandledRejection', handler) }
        },
      })
      expect(await verdictOf(subject)).toBe(told('exit(1)'))
    })

    test('while starting', async () => {
      expect(await verdictOf(shop({ start: () => process.exit(2) }))).toBe(
        'unknown: The subject threw while starting: ProcessExit: the integration called process.exit(2). Mend it, then run again.',
      )
    })

    test('while starting, and never finishes that', async () => {
      const start = () => {
        queueMicrotask(() => process.exit(2))
        return never
      }
      expect(await verdictOf(shop({ start }))).toContain('Before that the integration called process.exit(2).')
    })
  })

  test('throws where nobody can catch it', async () => {
    const subject = shop({
      running(running) {
        process.nextTick(() => {
          throw new RangeError('in a tick')
        })
        return running
      },
    })
    expect(await verdictOf(subject)).toBe(
      'broken: The process would have ended: uncaught exception, RangeError: in a tick.',
    )
  })

  test.each([
    [undefined, 'observe() gave undefined'],
    [{ orders: [] }, 'observe() gave as orders []'],
    [{ orders: { 'order-1': 'paid' } }, "observe() gave as order order-1 'paid'"],
    [{ orders: { 'order-1': { status: 'done', fulfilled: 1 } } }, "observe() gave as status of order-1 'done'"],
    [{ orders: { 'order-1': { status: 'paid', fulfilled: false } } }, 'observe() gave as fulfilled of order-1 false'],
  ])('is observed as %j', async (observed, words) => {
    const observe = async () => observed as never
    const verdict = await verdictOf(shop({ running: (running) => ({ ...running, observe }) }))
    expect(verdict).toContain(
      `unknown: The subject threw while being observed: TypeError: ${words}. Expected { orders: {`,
    )
  })

  describe('fails with a secret in its words', () => {
    const leak = 'refused sk_live_51Abc and whsec_9x/y= of Bearer abcdefgh12345 with key_secret_123456'
    const masked = 'refused sk_live_*** and whsec_*** of Bearer *** with ***'

    test('when it starts, and neither reason nor error shows it', async () => {
      const subject = shop({ start: () => Promise.reject(new TypeError(leak)) })
      expect(await verdictOf(subject)).toContain(`The subject threw while starting: TypeError: ${masked}.`)
      const { startFailure } = await checked(subject)
      expect(inspect(startFailure)).toContain(masked)
      expect(inspect(startFailure)).not.toMatch(/51Abc|9x|12345/)
    })

    test('in an operation, whose message the history tells without it', async () => {
      const subject = shop({
        running: (running) => ({ ...running, operations: { pay: () => Promise.reject(new RangeError(leak)) } }),
      })
      const { result } = await checked(subject, { ...scenario, invariants: [invariants.secretsNotLeaked()] })
      expect(result?.history?.map(({ text }) => text)).toContain(
        `"pay order-1, 20.00 usd, pm_card_visa" ends with RangeError: ${masked}`,
      )
    })
  })
})
