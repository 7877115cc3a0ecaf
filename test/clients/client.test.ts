import { describe, expect, test } from 'vitest'
import { createBreaker } from '../../src/clients/breaker.ts'
import { type ClientOptions, createClient, places } from '../../src/clients/client.ts'
import { createJournal, journalText } from '../../src/core/journal.ts'
import { seededRandom } from '../../src/core/random.ts'
import { type Layer } from '../../src/core/service.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { get, post, scripted, settledBy } from '../support/scripted.ts'

/** A layer that notes when it is passed. */
const noting =
  (seen: string[], name: string): Layer =>
  (next) =>
  (request, context) => {
    seen.push(name)
    return next(request, context)
  }

describe('createClient', () => {
  test('puts layers where they belong, whatever the order of the fields', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    const fields: ClientOptions = {
      conformance: noting(seen, 'conformance'),
      signing: noting(seen, 'signing'),
      auth: noting(seen, 'auth'),
      cache: noting(seen, 'cache'),
      fallback: noting(seen, 'fallback'),
      retry: { baseDelayMs: 1 },
      clock,
      fetch: scripted(clock, 503, 204),
    }

    await clock.run(() => createClient(fields)(get()))
    const backwards = Object.fromEntries(Object.entries(fields).toReversed()) as ClientOptions
    await clock.run(() => createClient({ ...backwards, fetch: scripted(clock, 503, 204) })(get()))

    const once = ['fallback', 'cache', 'auth', 'signing', 'conformance', 'auth', 'signing', 'conformance']
    expect(seen).toEqual([...once, ...once])
  })

  test('has its places in the order that the guide gives', () => {
    expect(places).toEqual([
      'journal-call',
      'fallback',
      'cache',
      'deadline',
      'key',
      'retry',
      'breaker-check',
      'throttle',
      'bulkhead',
      'breaker-permit',
      'auth',
      'signing',
      'attempt-timeout',
      'log',
      'journal-wire',
      'conformance',
    ])
  })

  test('writes one call and each attempt into the journal', async () => {
    const clock = virtualClock()
    const journal = createJournal({ clock })
    const client = createClient({ clock, journal, random: () => 0, fetch: scripted(clock, 503, 204) })

    await clock.run(() => client(get()))

    expect(journal.entries().map((entry) => ('seen' in entry ? `${entry.seen} ${entry.kind}` : entry.kind))).toEqual([
      'call request',
      'wire request',
      'wire answer',
      'wire request',
      'wire answer',
      'call answer',
    ])
  })

  test('makes the same journal from the same seed', async () => {
    const run = async (seed: number) => {
      const clock = virtualClock()
      const journal = createJournal({ clock })
      const fetch = scripted(clock, 503, 'reset', 200)
      const client = createClient({ clock, journal, random: seededRandom(seed), fetch })
      await clock.run(() => client(post()))
      return journalText(journal.entries())
    }

    expect(await run(1)).toBe(await run(1))
    expect(await run(1)).not.toBe(await run(2))
  })

  test('is fenced without being asked: a POST that loses its answer is sent again under its key', async () => {
    const clock = virtualClock()
    const provider = scripted(clock, 'reset', 200)

    await clock.run(() => createClient({ clock, fetch: provider })(post()))

    const keys = provider.requests.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBeTruthy()
    expect(keys[1]).toBe(keys[0])
  })

  test('leaves out what is false', async () => {
    const clock = virtualClock()
    const provider = scripted(clock, 503, 200)
    const client = createClient({ clock, fetch: provider, retry: false, key: false })

    const response = await clock.run(() => client(post()))

    expect(response.status).toBe(503)
    expect(provider.requests[0]?.headers.has('idempotency-key')).toBe(false)
  })

  test('tells retry the name of the key', async () => {
    const clock = virtualClock()
    const provider = scripted(clock, 503, 200)

    await clock.run(() => createClient({ clock, fetch: provider, key: { header: 'x-key' } })(post()))

    expect(provider.requests).toHaveLength(2)
  })

  test('refuses at once while the breaker is open, before any queue', async () => {
    const clock = virtualClock()
    const breaker = createBreaker({ clock, minimumCalls: 1 })
    const provider = scripted(clock, 503)
    const client = createClient({ clock, fetch: provider, breaker, retry: false, bulkhead: { maxConcurrent: 1 } })
    await client(get()) // its body, unread, holds the only slot

    expect(await settledBy(client(get()))).toMatchObject({ rejected: { code: 'circuit_open' } })
    expect(provider.requests).toHaveLength(1)
  })

  test('looks global fetch up for each call', async () => {
    const client = createClient({ retry: false })
    const { fetch } = globalThis
    try {
      globalThis.fetch = async () => new Response('intercepted')
      expect(await (await client(get())).text()).toBe('intercepted')
    } finally {
      globalThis.fetch = fetch
    }
  })

  test('deviates from the order when told by name', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    const options: ClientOptions = {
      clock,
      deadline: false,
      key: false,
      breaker: false,
      bulkhead: false,
      attemptTimeout: false,
      auth: noting(seen, 'auth'),
      fetch: scripted(clock, 503, 204),
      unsafeOrder: ['auth', 'retry'],
    }

    await clock.run(() => createClient(options)(get()))

    expect(seen).toEqual(['auth'])
  })

  test.each([
    [{ unsafeOrder: ['retry'] }, /missing: deadline, key, breaker-check/],
    [{ unsafeOrder: [...places] }, /not in use or twice: journal-call/],
    [{ retrys: 3 }, /does not know retrys.*Did you mean "retry"/],
  ])('refuses %j, naming the mend', (options, message) => {
    expect(() => createClient(options as ClientOptions)).toThrow(message)
    expect(() => createClient(options as ClientOptions)).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  test.each([
    [
      { retry: { maxAttempt: 1 } },
      'The field retry of createClient does not know maxAttempt. Did you mean "maxAttempts"?',
    ],
    [
      { deadline: 5_000 },
      'The field deadline of createClient is 5000; give deadline: { … }, or false to leave it out.',
    ],
    [{ log: true }, 'The field log of createClient is true; give log: { … }, or false to leave it out.'],
    [{ deadline: { timeoutMs: -1 } }, 'deadline.timeoutMs of createClient is -1; give milliseconds, 0 or more.'],
    [
      { attemptTimeout: { timeoutMs: '5s' } },
      'attemptTimeout.timeoutMs of createClient is 5s; give milliseconds, 0 or more.',
    ],
    [
      { retry: { maxAttempts: Number.NaN } },
      'retry.maxAttempts of createClient is NaN; give a whole number of at least 1.',
    ],
    [
      { bulkhead: { maxConcurrent: 0 } },
      'bulkhead.maxConcurrent of createClient is 0; give a whole number of at least 1.',
    ],
    [{ throttle: { perSecond: 0 } }, 'throttle.perSecond of createClient is 0; give more than 0.'],
    [
      { breaker: { window: { lastMS: 1 } } },
      'breaker.window of createClient is { lastMS: 1 }; give { lastMs } or { lastCalls }, more than 0.',
    ],
    [
      { breaker: { window: { lastCalls: 0 } } },
      'breaker.window of createClient is { lastCalls: 0 }; give { lastMs } or { lastCalls }, more than 0.',
    ],
    [
      { key: { methods: ['post'] } },
      `key.methods of createClient is [ 'post' ]; give a list of methods in capitals, such as ['POST'].`,
    ],
    [{ key: { header: '' } }, 'key.header of createClient is ; give a text.'],
    [{ breaker: { failureRate: 50 } }, 'breaker.failureRate of createClient is 50; give more than 0 and at most 1.'],
  ])('refuses %j', (options, message) => {
    expect(() => createClient(options as unknown as ClientOptions)).toThrow(
      expect.objectContaining({ code: 'usage', message }),
    )
  })

  test('takes every number at its edge, and Infinity for no limit', () => {
    const edges: ClientOptions = {
      deadline: { timeoutMs: Number.POSITIVE_INFINITY },
      retry: { maxAttempts: 1, baseDelayMs: 0, maxDelayMs: undefined },
      bulkhead: { maxConcurrent: Number.POSITIVE_INFINITY, maxQueued: 0, queueTimeoutMs: 0 },
      throttle: { perSecond: 0.5, burst: 1 },
      breaker: { failureRate: 1, minimumCalls: 1 },
    }
    expect(() => createClient(edges)).not.toThrow()
  })
})
