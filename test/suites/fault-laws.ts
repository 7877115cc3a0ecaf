import { describe, expect, test } from 'vitest'
import { journalText } from '../../src/core/journal.ts'
import { type Service } from '../../src/core/service.ts'
import { wire } from '../../src/core/wire.ts'
import { describeFault } from '../../src/mocks/describe-fault.ts'
import { type Fault } from '../../src/mocks/faults/fault.ts'
import { type FaultTrigger, readPlan } from '../../src/mocks/plan.ts'
import { always, answerText, endOf, faultWorld, planOf, post } from '../mocks/fault-world.ts'

export interface FaultLaws {
  /** How often the provider acts on one request that the fault strikes. */
  readonly effects: 0 | 1
}

/** What every exchange fault keeps to, whatever it does. */
export function faultLaws(fault: Fault, { effects }: FaultLaws): void {
  describe(`${fault.kind} keeps the laws of faults`, () => {
    const elsewhere: [string, FaultTrigger][] = [
      ['another operation', { operation: 'GET /payment_intents' }],
      ['another attempt', { nth: [2] }],
      ['a later time', { fromMs: 1_000 }],
      ['an earlier time', { untilMs: 0 }],
      ['another tenant', { tenant: 'acct_2' }],
      ['chance says no', { probability: 0 }],
    ]
    test.each(elsewhere)('changes nothing where it waits for %s', async (_name, on) => {
      const world = faultWorld(planOf({ on, fault }))

      const response = await world.clock.run(() => world.mock(post()))

      expect(response).toBe(world.answers[0])
      expect(await response.text()).toBe(answerText)
      expect(world.clock.monotonic()).toBe(5)
      expect(world.journal.entries()).toEqual([])
      expect(world.clock.pending).toBe(0)
    })

    test('makes the same run from the same seed', async () => {
      const [first, second] = [await sometimes(fault, 1), await sometimes(fault, 1)]

      expect(second).toEqual(first)
      expect(first.journal).toContain('"kind":"fault"')
      expect((await sometimes(fault, 2)).journal).not.toBe(first.journal)
    })

    test(`lets the provider act ${effects === 0 ? 'not at all' : 'exactly once'}`, async () => {
      const world = faultWorld(always(fault))

      await world.clock.run(() => untilPatienceEnds(world, world.mock(post())))

      expect(world.effects.count).toBe(effects)
    })

    const doors: [string, (mock: Service) => Service][] = [
      ['wire', wire],
      ['a door that hands on the signal', (mock) => mock],
    ]
    describe.each(doors)('behind %s', (_name, door) => {
      test.each([1, 5, 40])('changes nothing at the provider when its caller gives up after %i ms', async (ms) => {
        const world = faultWorld(always(fault))
        const abort = new AbortController()
        const { signal } = abort
        world.clock.after(ms, () => abort.abort())

        void endOf(door(world.mock)(post('/payment_intents', { signal }), { signal }))
        await world.clock.advance(86_400_000)

        expect(world.effects.count).toBe(effects)
        expect(world.clock.pending).toBe(0)
      })
    })

    test('is told in the journal once for every exchange that it strikes', async () => {
      const world = faultWorld(always(fault))

      await world.clock.run(() => untilPatienceEnds(world, world.mock(post())))

      const { atMs: _at, seq: _seq, ...entry } = world.journal.entries()[0] ?? {}
      expect(entry).toEqual({ kind: 'fault', fault: fault.kind, on: 'POST /payment_intents', index: 0 })
      expect(world.journal.entries()).toHaveLength(1)
    })

    test('can be written as a plan and said in words', () => {
      const plan = JSON.parse(JSON.stringify(always(fault))) as unknown

      expect(readPlan(plan, 'plan.json')).toEqual(always(fault))
      expect(describeFault({ on: { operation: 'POST /refunds', nth: [1] }, fault })).toContain('first POST /refunds')
    })
  })
}

/** Thirty calls at once, of which chance strikes some. */
async function sometimes(fault: Fault, seed: number) {
  const world = faultWorld({ seed, faults: [{ on: { probability: 0.5 }, fault }] })
  const ends = await world.clock.run(() =>
    Promise.all(Array.from({ length: 30 }, () => untilPatienceEnds(world, world.mock(post())))),
  )
  return { ends, journal: journalText(world.journal.entries()) }
}

/** How the exchange ended and when, or that it did not within a day. */
async function untilPatienceEnds(world: ReturnType<typeof faultWorld>, answer: ReturnType<Service>): Promise<string> {
  let stop = () => {}
  const patience = new Promise<string>((resolve) => (stop = world.clock.after(86_400_000, () => resolve('nothing'))))
  const end = await Promise.race([endOf(answer), patience])
  stop()
  return `${end} at ${world.clock.monotonic()}`
}
