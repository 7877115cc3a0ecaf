import { describe, expect, test } from 'vitest'
import { createFaults, noFaults } from '../../src/mocks/create-faults.ts'
import { type FaultTrigger, emptyPlan } from '../../src/mocks/plan.ts'
import { endOf, faultWorld, planOf, post, startMs } from './fault-world.ts'

/** Which of the calls, in order, the rule struck. */
async function struck(on: FaultTrigger, calls: readonly Request[]): Promise<boolean[]> {
  const world = faultWorld(planOf({ on, fault: { kind: 'reset' } }))
  const ends: boolean[] = []
  for (const call of calls) ends.push((await world.clock.run(() => endOf(world.mock(call)))).startsWith('no answer'))
  return ends
}

describe('createFaults', () => {
  test('spends nothing on an empty plan', () => {
    const { faults } = faultWorld(emptyPlan)
    const next = async () => new Response()

    expect(faults).toBe(noFaults)
    expect(faults.network(next)).toBe(next)
    expect(faults.execution(next)).toBe(next)
  })

  test('draws nothing for a plan that has its own seed', () => {
    const draws = () => {
      throw new Error('drawn')
    }
    const { clock, journal } = faultWorld(emptyPlan)
    const rest = { clock, journal, errorResponse: () => new Response(), operationOf: () => undefined }

    expect(() => createFaults(planOf({ fault: { kind: 'reset' } }), { ...rest, random: draws })).not.toThrow()
    expect(() => createFaults({ faults: [{ fault: { kind: 'reset' } }] }, { ...rest, random: draws })).toThrow('drawn')
  })

  test('strikes an operation by method and template, and by id', async () => {
    const calls = [post('/refunds'), post('/payment_intents')]

    expect(await struck({ operation: 'POST /refunds' }, calls)).toEqual([true, false])
    expect(await struck({ operation: 'PostRefunds' }, calls)).toEqual([true, false])
  })

  test('strikes a path that is no operation by method and path', async () => {
    expect(await struck({ operation: 'POST /unknown' }, [post('/unknown'), post('/refunds')])).toEqual([true, false])
  })

  test('counts from 1 the attempts that match everything else', async () => {
    const calls = [post('/a'), post('/b'), post('/a'), post('/b'), post('/a')]

    expect(await struck({ operation: 'POST /a', nth: [2, 3] }, calls)).toEqual([false, false, true, false, true])
  })

  test('counts only the attempts that chance lets match', async () => {
    const world = faultWorld(planOf({ on: { probability: 0.5, nth: [1] }, fault: { kind: 'reset' } }))
    const ends: string[] = []
    for (let call = 0; call < 20; call++) ends.push(await world.clock.run(() => endOf(world.mock(post()))))

    expect(ends.filter((end) => end.startsWith('no answer'))).toHaveLength(1)
  })

  test('strikes as often as chance says', async () => {
    const ends = await struck(
      { probability: 0.25 },
      Array.from({ length: 400 }, () => post()),
    )

    expect(ends.filter(Boolean).length).toBeGreaterThan(70)
    expect(ends.filter(Boolean).length).toBeLessThan(130)
  })

  test('strikes from one time until before another', async () => {
    // Each call takes 5 ms when it is not struck.
    const calls = Array.from({ length: 5 }, () => post())
    const world = faultWorld(planOf({ on: { fromMs: 5, untilMs: 20 }, fault: { kind: 'latency', delayMs: 0 } }))
    for (const call of calls) await world.clock.run(() => world.mock(call))

    expect(world.journal.entries().map(({ atMs }) => atMs - startMs)).toEqual([5, 10, 15])
  })

  test('counts times from the start that it is told', async () => {
    const { clock, journal } = faultWorld(emptyPlan)
    const faults = createFaults(planOf({ on: { fromMs: 1_000 }, fault: { kind: 'reset' } }), {
      clock,
      journal,
      random: () => 0,
      errorResponse: () => new Response(),
      operationOf: () => undefined,
      startedAtMs: startMs - 1_000,
    })

    expect(await endOf(faults.network(async () => new Response())(post()))).toBe('no answer: ECONNRESET')
  })

  test('strikes one tenant alone', async () => {
    const calls = ['acct_1', 'acct_2'].map((account) => post('/a', { headers: { 'stripe-account': account } }))

    expect(await struck({ tenant: 'acct_2' }, [...calls, post('/a')])).toEqual([false, true, false])
  })

  test('applies every matching fault, the first listed outermost', async () => {
    const world = faultWorld(
      planOf(
        { fault: { kind: 'latency', delayMs: 100 } },
        { fault: { kind: 'lost-reply' } },
        { fault: { kind: 'latency', delayMs: 10, at: 'after' } },
      ),
    )

    const end = await world.clock.run(() => endOf(world.mock(post())))

    expect(end).toBe('no answer: ECONNRESET')
    expect(world.clock.monotonic()).toBe(115)
    expect(
      world.journal.entries().map((entry) => ('index' in entry ? [entry.index, entry.atMs - startMs] : [])),
    ).toEqual([
      [0, 0],
      [1, 100],
      [2, 100],
    ])
  })

  test('does not tell of a fault that another one kept from striking', async () => {
    const world = faultWorld(planOf({ fault: { kind: 'reset' } }, { fault: { kind: 'status', stored: true } }))

    await endOf(world.mock(post()))

    expect(world.journal.entries()).toMatchObject([{ fault: 'reset', index: 0 }])
  })

  test('counts attempts on the wire also for faults of the execution', async () => {
    const world = faultWorld(
      planOf(
        { on: { nth: [1] }, fault: { kind: 'reset' } },
        { on: { nth: [2] }, fault: { kind: 'status', status: 500, stored: true } },
      ),
    )
    const ends: string[] = []
    for (let call = 0; call < 3; call++) ends.push(await world.clock.run(() => endOf(world.mock(post()))))

    expect(ends).toEqual(['no answer: ECONNRESET', '500 {"error":{}}', '200 {"id":"pi_1","amount":1200}'])
  })

  test('keeps the chance of a rule when the rule before it goes', async () => {
    const kept = { on: { operation: 'POST /b', probability: 0.5 }, fault: { kind: 'reset' } } as const
    const gone = { on: { operation: 'POST /a', probability: 0.5 }, fault: { kind: 'reset' } } as const
    const runs: string[][] = []
    for (const plan of [planOf(gone, kept), planOf(kept)]) {
      const world = faultWorld(plan)
      const ends: string[] = []
      for (let call = 0; call < 20; call++) ends.push(await world.clock.run(() => endOf(world.mock(post('/b')))))
      runs.push(ends)
    }

    expect(runs[1]).toEqual(runs[0])
  })

  test('begins again after a reset: counts, chance and time', async () => {
    const world = faultWorld(
      planOf(
        { on: { nth: [1] }, fault: { kind: 'reset' } },
        { on: { probability: 0.5 }, fault: { kind: 'status' } },
        { on: { untilMs: 10 }, fault: { kind: 'latency', delayMs: 1 } },
      ),
    )
    const run = async () => {
      const ends: string[] = []
      for (let call = 0; call < 10; call++) {
        const beganMs = world.clock.monotonic()
        ends.push(`${await world.clock.run(() => endOf(world.mock(post())))} ${world.clock.monotonic() - beganMs}`)
      }
      return ends
    }
    const first = await run()

    world.faults.reset()

    expect(await run()).toEqual(first)
  })
})
