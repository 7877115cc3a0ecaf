import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { networkError } from '../../src/core/errors.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { type WorkerLine } from '../../src/webhooks/attempt.ts'
import { type Handler, type HandlerContext, type WebhookEvent } from '../../src/webhooks/handler.ts'
import { type Inbox, type Outcome } from '../../src/webhooks/inbox.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { createSqliteInbox } from '../../src/webhooks/stores/sqlite.ts'
import { createWorker, type WorkerOptions } from '../../src/webhooks/worker.ts'
import { arrived } from '../suites/inbox-store.ts'

const startMs = 1_767_225_600_000

function setUp(handle: Handler<undefined>, options: Partial<WorkerOptions<undefined>> = {}) {
  const clock = virtualClock({ startMs })
  const inbox = createMemoryInbox({ clock })
  const lines: WorkerLine[] = []
  const worker = createWorker({
    inbox,
    handle,
    clock,
    random: () => 0.5,
    log: (line) => lines.push(line),
    ...options,
  })
  const counts = async () => (await inbox.inspect({ limit: 0 })).counts
  return { clock, inbox, worker, lines, counts }
}

const fail = () => {
  throw new TypeError('a secret in a message: whsec_canary')
}

describe('the worker', () => {
  test('hands the handler the event and marks it as done', async () => {
    const seen: WebhookEvent[] = []
    const { clock, inbox, worker, counts } = setUp((event) => void seen.push(event))
    await inbox.put([arrived('evt_1', { account: 'acct_1', subscription: 'we_1', occurredAtMs: 5 })])
    await clock.run(() => worker.drain())
    expect(seen).toEqual([
      {
        id: 'evt_1',
        type: 'test.event',
        provider: 'stripe',
        account: 'acct_1',
        subscription: 'we_1',
        occurredAtMs: 5,
        receivedAtMs: startMs,
        body: arrived('evt_1').body,
        data: { id: 'evt_1' },
      },
    ])
    expect(await counts()).toMatchObject({ done: 1, ready: 0, leased: 0 })
  })

  test('gives each attempt data of its own, whatever the last one did to it', async () => {
    const ids: unknown[] = []
    const { clock, inbox, worker } = setUp((event) => {
      const data = event.data as { id: string }
      ids.push(data.id)
      data.id = 'changed'
      if (ids.length === 1) fail()
    })
    await inbox.put([arrived('evt_1')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(ids).toEqual(['evt_1', 'evt_1'])
  })

  test('handles events as they come once it was started, and none after it was stopped', async () => {
    const seen: string[] = []
    const { clock, inbox, worker, counts } = setUp((event) => void seen.push(event.id))
    await inbox.put([arrived('before')])
    worker.start()
    worker.start()
    await clock.advance(0)
    await inbox.put([arrived('after')])
    await clock.advance(0)
    await worker.stop()
    await inbox.put([arrived('stopped')])
    await clock.advance(60_000)
    expect(seen).toEqual(['before', 'after'])
    expect(await counts()).toMatchObject({ done: 2, ready: 1 })
    expect(clock.pending).toBe(0)
  })

  test('waits without a timer while nothing is due', async () => {
    const { clock, worker } = setUp(() => {})
    worker.start()
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })

  test('lets handlers at work end before it is stopped', async () => {
    const { clock, inbox, worker, counts } = setUp(() => clock.sleep(5_000))
    await inbox.put([arrived('a')])
    worker.start()
    await clock.advance(1_000)
    await clock.run(() => worker.stop())
    expect(clock.monotonic()).toBe(5_000)
    expect(await counts()).toMatchObject({ done: 1 })
  })

  test('ends what it was handed while it was being stopped', async () => {
    const { clock, inbox, worker, counts } = setUp(() => clock.sleep(1_000))
    await inbox.put([arrived('a')])
    worker.start()
    await clock.run(() => worker.stop())
    expect(await counts()).toMatchObject({ done: 1, leased: 0 })
  })

  test('misses no event, whatever moment of its looking it comes at', async () => {
    for (let depth = 0; depth < 40; depth++) {
      const { clock, inbox, worker, counts } = setUp(() => {})
      worker.start()
      for (let microtask = 0; microtask < depth; microtask++) await Promise.resolve()
      await inbox.put([arrived('a')])
      await clock.advance(0)
      expect(await counts()).toMatchObject({ done: 1 })
    }
  })

  test('works on as many events at once as it may', async () => {
    let now = 0
    let most = 0
    const { clock, inbox, worker } = setUp(
      async () => {
        most = Math.max(most, ++now)
        await clock.sleep(1_000)
        now--
      },
      { concurrency: 3 },
    )
    await inbox.put(Array.from({ length: 9 }, (_, index) => arrived(`e${index}`)))
    worker.start()
    await clock.advance(3_000)
    expect([most, (await inbox.inspect()).counts.done]).toEqual([3, 9])
  })

  test('looks into an inbox that other processes fill', async () => {
    const seen: string[] = []
    const clock = virtualClock({ startMs })
    const base = createMemoryInbox({ clock })
    const inbox: Inbox<undefined> = { ...base, watch: () => () => {}, guarantees: { ...base.guarantees, shared: true } }
    await using worker = createWorker({ inbox, clock, handle: (event) => void seen.push(event.id), pollMs: 500 })
    worker.start()
    await clock.advance(600)
    await base.put([arrived('a')])
    await clock.advance(399)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['a'])
  })

  test('goes on when the inbox fails for a while', async () => {
    const clock = virtualClock({ startMs })
    const base = createMemoryInbox({ clock })
    const errors: unknown[] = []
    let down = true
    const inbox: Inbox<undefined> = {
      ...base,
      claim: (options) => (down ? Promise.reject(new Error('down')) : base.claim(options)),
    }
    await using worker = createWorker({ inbox, clock, handle: () => {}, onError: (error) => errors.push(error) })
    worker.start()
    await base.put([arrived('a')])
    await clock.advance(2_500)
    expect(errors.length).toBeGreaterThan(1)
    down = false
    await clock.advance(1_000)
    expect((await base.inspect()).counts).toMatchObject({ done: 1 })
  })
})

describe('a handler that fails', () => {
  test('gets the event again after the pauses of the schedule, then the event is dead', async () => {
    const at: number[] = []
    const { clock, inbox, worker, counts } = setUp(
      () => {
        at.push(clock.monotonic())
        fail()
      },
      { pausesMs: [1_000, 10_000] },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(at).toEqual([0, 1_000, 11_000])
    expect(await counts()).toMatchObject({ dead: 1 })
  })

  test('is retried for about sixteen hours by default', async () => {
    const { clock, inbox, worker, lines } = setUp(fail)
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(lines.map(({ outcome }) => outcome)).toEqual([...Array<string>(9).fill('retry'), 'dead'])
    expect(clock.monotonic() / 3_600_000).toBeCloseTo(15.7, 1)
  })

  test('leaves only the kind of its error behind', async () => {
    const errors: unknown[] = []
    const { clock, inbox, worker, lines } = setUp(fail, { onError: (error) => errors.push(error), pausesMs: [] })
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain())
    expect(JSON.stringify([await inbox.inspect(), lines])).not.toContain('canary')
    expect((await inbox.inspect()).events).toMatchObject([{ state: 'dead', lastError: 'TypeError' }])
    expect(errors).toMatchObject([{ message: expect.stringContaining('canary') }])
  })

  test('leaves the code of a failed connection behind', async () => {
    const { clock, inbox, worker } = setUp(() => Promise.reject(networkError('ECONNRESET')), { pausesMs: [] })
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain())
    expect((await inbox.inspect()).events).toMatchObject([{ lastError: 'TypeError ECONNRESET' }])
  })

  test('delays no other event', async () => {
    const doneAt: Record<string, number> = {}
    const { clock, inbox, worker } = setUp(async (event) => {
      if (event.id.startsWith('poison')) fail()
      doneAt[event.id] = clock.monotonic()
    })
    worker.start()
    await inbox.put(
      Array.from({ length: 40 }, (_, index) => arrived(index % 2 === 0 ? `poison${index}` : `good${index}`)),
    )
    await clock.advance(60_000)
    await inbox.put([arrived('good-later')])
    await clock.advance(0)
    await worker.stop()
    expect(Object.values(doneAt)).toEqual([...Array<number>(20).fill(0), 60_000])
  })

  test('makes none of the effects that it registered', async () => {
    let effects = 0
    const { clock, inbox, worker } = setUp(
      (_, context) => {
        context.effect(() => void effects++)
        if (context.attempt === 1) fail()
      },
      { pausesMs: [10] },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(effects).toBe(1)
  })
})

describe('a handler that hangs', () => {
  test('has failed when its time is over, and is told', async () => {
    let signal: AbortSignal | undefined
    const { clock, inbox, worker, lines } = setUp(
      (_, context) => {
        signal = context.signal
        return new Promise(() => {})
      },
      { handlerTimeoutMs: 4_000 },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain())
    expect(clock.monotonic()).toBe(4_000)
    expect(signal?.aborted).toBe(true)
    expect(lines).toMatchObject([{ outcome: 'retry', error: 'timeout', durationMs: 4_000 }])
  })

  test('hears of it also when it asks for the signal only then', async () => {
    let late: boolean | undefined
    const { clock, inbox, worker } = setUp(
      async (_, context) => {
        await clock.sleep(5_000)
        late = context.signal.aborted
      },
      { handlerTimeoutMs: 4_000, pausesMs: [] },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain())
    await clock.advance(1_000)
    expect(late).toBe(true)
  })

  test('delays no other event', async () => {
    const done: string[] = []
    const { clock, inbox, worker } = setUp((event) =>
      event.id === 'hangs' ? new Promise(() => {}) : void done.push(event.id),
    )
    worker.start()
    await inbox.put([arrived('hangs'), arrived('a'), arrived('b')])
    await clock.advance(10)
    expect(done).toEqual(['a', 'b'])
  })
})

describe('a handler that takes long', () => {
  test('keeps its event by extending the lease', async () => {
    let runs = 0
    const handle = async () => {
      runs++
      await clock.sleep(100_000)
    }
    const { clock, inbox, worker, counts } = setUp(handle, { handlerTimeoutMs: 200_000 })
    const second = createWorker({ inbox, handle, clock, random: () => 0 })
    await inbox.put([arrived('a')])
    worker.start()
    second.start()
    await clock.advance(150_000)
    expect([runs, (await counts()).done]).toEqual([1, 1])
  })

  test('loses its event when the lease cannot be extended, and changes nothing any more', async () => {
    const clock = virtualClock({ startMs })
    const base = createMemoryInbox({ clock })
    const effects: string[] = []
    const lines: WorkerLine[] = []
    const cutOff: Inbox<undefined> = { ...base, extend: () => Promise.reject(new Error('unreachable')) }
    const zombie = createWorker({
      inbox: cutOff,
      clock,
      handlerTimeoutMs: 100_000,
      log: (line) => lines.push(line),
      async handle(_, context) {
        context.effect(() => void effects.push('zombie'))
        await clock.sleep(60_000)
      },
    })
    const other = createWorker({
      inbox: base,
      clock,
      handle: (_, context) => context.effect(() => void effects.push('other')),
    })
    await base.put([arrived('a')])
    const paused = zombie.drain()
    await clock.advance(30_000)
    await other.drain()
    await clock.run(() => paused)
    expect(effects).toEqual(['other'])
    expect(lines).toMatchObject([{ outcome: 'lost' }])
  })

  test('is told when another worker has its event', async () => {
    let reason: unknown
    const { clock, inbox, worker } = setUp(
      async (_, { signal }) => {
        await clock.sleep(60_000, signal).catch((error: unknown) => (reason = error))
      },
      { handlerTimeoutMs: 100_000, leaseMs: 30_000 },
    )
    await inbox.put([arrived('a')])
    worker.start()
    await clock.advance(9_000)
    const [event] = (await inbox.inspect()).events
    const fence = 1
    await inbox.settle({ event: event as never, owner: 'other', fence, newestSeq: 1 }, { kind: 'done' })
    await clock.advance(2_000)
    expect(String(reason)).toContain('Another worker')
  })
})

describe('a handler may answer', () => {
  test.each([
    ['superseded', { kind: 'superseded' }, { superseded: 1 }],
    ['dead', { kind: 'dead', reason: 'unknown order' }, { dead: 1 }],
    ['done', { kind: 'done' }, { done: 1 }],
  ] as const)('%s', async (_, result, expected) => {
    const { clock, inbox, worker, counts } = setUp(() => result)
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(await counts()).toMatchObject({ ...expected, ready: 0 })
  })

  test.each(['dead', 'retry'] as const)('%s for a reason that no database keeps as it is', async (kind) => {
    const { clock, inbox, worker } = setUp(() => ({ kind, reason: `bad \0 order ${'x'.repeat(1_000)}` }))
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain())
    const [event] = (await inbox.inspect()).events
    expect(event?.lastError).toMatch(/^bad \\u0000 order x+…$/)
    expect(event?.lastError?.length).toBeLessThan(300)
  })

  test('hold, which counts as no attempt', async () => {
    const at: (readonly [number, number])[] = []
    const { clock, inbox, worker, counts } = setUp(
      (_, { attempt }) => {
        at.push([clock.monotonic(), attempt])
        return at.length < 4 ? { kind: 'hold', forMs: 1_000 } : undefined
      },
      { pausesMs: [] },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(at).toEqual([0, 1_000, 2_000, 3_000].map((ms) => [ms, 1]))
    expect(await counts()).toMatchObject({ done: 1 })
  })

  test('hold for what was handled already, though not for ever', async () => {
    let asked = 0
    const { clock, inbox, worker } = setUp(
      (event) => {
        if (event.id === 'parent') return undefined
        asked++
        return { kind: 'hold', forMs: 1_000, marker: 'm' }
      },
      { pausesMs: [1, 1], concurrency: 1 },
    )
    await inbox.put([arrived('parent', { marker: 'm' }), arrived('child')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(asked).toBeLessThan(6)
    expect((await inbox.inspect({ eventId: 'child' })).events).toMatchObject([
      { state: 'dead', lastError: 'held too often' },
    ])
  })

  test('retry, and that all events of the provider are left alone as long', async () => {
    const at: string[] = []
    const { clock, inbox, worker } = setUp(
      (event, { attempt }) => {
        at.push(`${event.id}@${clock.monotonic()}`)
        return event.id === 'a' && attempt === 1 ? { kind: 'retry', afterMs: 60_000, pauseProvider: true } : undefined
      },
      { concurrency: 1 },
    )
    worker.start()
    await inbox.put([arrived('a'), arrived('b'), arrived('c', { provider: 'other' })])
    await clock.advance(30_000)
    await inbox.put([arrived('d'), arrived('e', { provider: 'other' })])
    await clock.advance(60_000)
    await worker.stop()
    expect(at).toEqual(['a@0', 'c@0', 'e@30000', 'b@60000', 'd@60000', 'a@60000'])
  })

  test.each([
    ['no number', Number.NaN, 5_000],
    ['less than nothing', -1, 0],
    ['more than a date can hold', Number.MAX_SAFE_INTEGER, 100 * 365 * 86_400_000],
    ['for ever', Number.POSITIVE_INFINITY, 100 * 365 * 86_400_000],
  ])('retry or hold for a time that is %s, and are kept to one that every store can keep', async (_, ms, keptMs) => {
    for (const result of [
      { kind: 'retry', afterMs: ms, pauseProvider: true },
      { kind: 'hold', forMs: ms },
    ] as const) {
      const outcomes: Outcome[] = []
      const memory = createMemoryInbox({ clock: virtualClock({ startMs }) })
      const settle: Inbox<undefined>['settle'] = async (_claim, outcome) => {
        outcomes.push(outcome)
        return 'settled'
      }
      const { clock, worker } = setUp(() => result, { inbox: { ...memory, settle } })
      await memory.put([arrived('evt_1')])
      await clock.run(() => worker.drain())
      expect(outcomes).toMatchObject([result.kind === 'retry' ? { afterMs: keptMs } : { forMs: keptMs }])
    }
  })

  test('retry, after a time of its choice, within the number of attempts', async () => {
    const at: number[] = []
    const { clock, inbox, worker, counts } = setUp(
      () => {
        at.push(clock.monotonic())
        return { kind: 'retry', afterMs: 3_600_000, reason: 'rate limited' }
      },
      { pausesMs: [1, 1] },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(at).toEqual([0, 3_600_000, 7_200_000])
    expect(await counts()).toMatchObject({ dead: 1 })
    expect((await inbox.inspect()).events).toMatchObject([{ lastError: 'rate limited' }])
  })
})

describe('the context of a handler', () => {
  test('counts attempts and tells a replay', async () => {
    const seen: Pick<HandlerContext<undefined>, 'attempt' | 'replay' | 'fence'>[] = []
    const { clock, inbox, worker } = setUp(
      (_, { attempt, replay, fence }) => {
        seen.push({ attempt, replay, fence })
        fail()
      },
      { pausesMs: [5] },
    )
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    await inbox.requeue({ states: ['dead'] }, { by: 'ann', reason: 'fixed' })
    await clock.run(() => worker.drain())
    expect(seen).toEqual([
      { attempt: 1, replay: false, fence: 1 },
      { attempt: 2, replay: false, fence: 2 },
      { attempt: 1, replay: true, fence: 3 },
    ])
  })

  test('gives calls to others a key that stays the same over attempts and differs otherwise', async () => {
    const keys: string[] = []
    const { clock, inbox, worker } = setUp(
      (_, context) => {
        keys.push(context.idempotencyKey('refund'), context.idempotencyKey('mail'))
        if (keys.length === 2) fail()
      },
      { pausesMs: [5] },
    )
    await inbox.put([arrived('a'), arrived('b')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(keys).toHaveLength(6)
    expect(new Set(keys)).toHaveLength(4)
  })

  test('makes several effects in the order in which they were registered', async () => {
    const made: number[] = []
    const { clock, inbox, worker } = setUp((_, context) => {
      context.effect(() => void made.push(1))
      context.effect(async () => {
        await clock.sleep(10)
        made.push(2)
      })
      context.effect(() => void made.push(3))
    })
    await inbox.put([arrived('a')])
    await clock.run(() => worker.drain())
    expect(made).toEqual([1, 2, 3])
  })
})

describe('effects on SQLite', () => {
  test('commit with the event, and a failing one leaves nothing and is tried again', async () => {
    const clock = virtualClock({ startMs })
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE paid (id TEXT)')
    const inbox = createSqliteInbox({ database, clock })
    const worker = createWorker({
      inbox,
      clock,
      pausesMs: [1_000],
      handle: (event, context) =>
        context.effect((transaction) => {
          transaction.prepare('INSERT INTO paid VALUES (?)').run(event.id)
          if (context.attempt === 1) fail()
        }),
    })
    await inbox.put([arrived('evt_1')])
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(database.prepare('SELECT id FROM paid').all()).toEqual([{ id: 'evt_1' }])
    expect((await inbox.inspect()).events).toMatchObject([{ state: 'done', attempts: 2 }])
  })
})

describe('an event that takes its process down', () => {
  test('is buried, and what came with it is done', async () => {
    const clock = virtualClock({ startMs })
    const inbox = createMemoryInbox({ clock })
    const done: string[] = []
    await inbox.put([arrived('deadly'), arrived('good')])
    // A process that dies leaves its leases behind and settles nothing.
    for (let process = 0; process < 3; process++) {
      const { claims } = await inbox.claim({ owner: `p${process}`, limit: 1, leaseMs: 30_000 })
      expect(claims[0]?.event.eventId).toBe('deadly')
      await createWorker({ inbox, clock, handle: (event) => void done.push(event.id) }).drain()
      await clock.advance(30_000)
    }
    await createWorker({ inbox, clock, handle: (event) => void done.push(event.id) }).drain()
    expect(done).toEqual(['good'])
    expect((await inbox.inspect({ states: ['dead'] })).events).toMatchObject([
      { eventId: 'deadly', lastError: 'crash-loop' },
    ])
  })
})

test('the same seed and work make the same lines twice', async () => {
  const run = async () => {
    const { clock, inbox, worker, lines } = setUp(async (event, context) => {
      await clock.sleep(Number(event.id.slice(1)) * 7)
      if (context.attempt < 3) fail()
    })
    await inbox.put(Array.from({ length: 20 }, (_, index) => arrived(`e${index}`)))
    await clock.run(() => worker.drain({ untilEmpty: true }))
    return JSON.stringify([lines, await inbox.inspect()])
  }
  expect(await run()).toBe(await run())
})
