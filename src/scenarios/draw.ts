import * as fc from 'fast-check'
import { randomInt, seededRandom } from '../core/random.ts'
import { type FaultKind, type FieldFacts, faultKinds } from '../mocks/fault-kinds.ts'
import { type FaultPlan, type FaultRule } from '../mocks/plan.ts'
import { isPlan } from './is-plan.ts'
import { type Workload, type WorkloadStep, order } from './workload.ts'

/** What plans and workloads are drawn from. */
export interface Space {
  readonly operations: readonly string[]
  readonly events: readonly string[]
  readonly cards: readonly string[]
  /** @default every kind */
  readonly kinds?: readonly FaultKind[]
  /** @default 3 */
  readonly maxFaults?: number
  /** @default 3 */
  readonly maxSteps?: number
}

/**
 * Draws fault plans. Each draws from a few kinds only, which finds what a mixture of all would hide
 * (swarm testing: Groce and others, ISSTA 2012).
 */
export function planArbitrary(space: Space): fc.Arbitrary<FaultPlan> {
  const { kinds = Object.keys(faultKinds) as FaultKind[], maxFaults = 3 } = space
  return fc
    .subarray([...kinds], { minLength: 1, maxLength: Math.min(4, kinds.length) })
    .chain((some) =>
      fc.array(
        fc.constantFrom(...some).chain((kind) => ruleArbitrary(kind, space)),
        { maxLength: maxFaults },
      ),
    )
    .map((faults) => ({ faults }))
}

function ruleArbitrary(kind: FaultKind, { operations, events }: Space): fc.Arbitrary<FaultRule> {
  const { strikes, fields } = faultKinds[kind]
  const nth = fc.option(fc.constantFrom([1], [2], [1, 2]), { nil: undefined })
  const on: fc.Arbitrary<object> =
    strikes === 'exchange'
      ? fc.record({ operation: fc.constantFrom(...operations), nth })
      : fc.record({ event: fc.constantFrom('*', ...events), nth })
  const values = Object.fromEntries(Object.entries(fields).map(([name, facts]) => [name, fieldArbitrary(facts)]))
  return fc
    .record({ on, values: fc.record(values) })
    .map((rule) => ({ on: defined(rule.on), fault: { kind, ...defined(rule.values) } }) as unknown as FaultRule)
    .filter((rule) => isPlan({ faults: [rule] }))
}

function fieldArbitrary(facts: FieldFacts): fc.Arbitrary<unknown> {
  const value = fc.constantFrom(...examplesOf(facts))
  return facts.required === true ? value : fc.option(value, { nil: undefined })
}

function examplesOf(facts: FieldFacts): readonly unknown[] {
  if (facts.type === 'boolean') return [true, false]
  return facts.type === 'choice' ? facts.values : facts.examples
}

/** Draws workloads: one to a few payments of few orders, close together, now and then with another card or a late customer. */
export function workloadArbitrary({ cards, maxSteps = 3 }: Space): fc.Arbitrary<Workload> {
  const pay = fc
    .record({
      order: fc.constantFrom('order-1', 'order-2'),
      card: fc.constantFrom(...cards),
      atMs: fc.constantFrom(0, 100, 5_000),
    })
    .map(({ order: id, card, atMs }): WorkloadStep => ({ do: 'pay', order: order(id, { card }), atMs }))
  const complete = fc.record({
    do: fc.constant('complete-action' as const),
    order: fc.constantFrom('order-1', 'order-2'),
    how: fc.constantFrom('succeed' as const, 'fail' as const),
    atMs: fc.constantFrom(5_000, 30_000),
  })
  const more = fc.array(fc.oneof({ arbitrary: pay, weight: 3 }, complete), { maxLength: maxSteps - 1 })
  return fc.tuple(pay, more).map(([first, others]) => [first].concat(others))
}

/** One order with each of the cards; the customer authenticates where the bank asks for it. */
export function plainWorkloads({ cards }: Space): readonly Workload[] {
  return cards.map((card) => [
    { do: 'pay', order: order('order-1', { card }) },
    { do: 'complete-action', order: 'order-1', how: 'succeed' },
  ])
}

/** Draws plans with workloads, without end. The same seed draws the same. */
export function* drawn(
  space: Space,
  seed: number,
): Generator<{ readonly plan: FaultPlan; readonly workload: Workload }> {
  const both = fc.record({ plan: planArbitrary(space), workload: workloadArbitrary(space) })
  const random = seededRandom(seed, 'explore')
  for (;;) yield* fc.sample(both, { seed: randomInt(random, 0x7fff_ffff), numRuns: 50 })
}

/**
 * Every plan with at most `budget` faults, each striking one attempt, the smaller ones first: when all of
 * them hold, that is a proof within its bounds, which no number of draws is.
 */
export function* everyPlan(space: Space, budget: number, attempts: readonly number[] = [1, 2]): Generator<FaultPlan> {
  const rules = [...everyRule(space, attempts)]
  function* choose(from: number, left: number): Generator<readonly FaultRule[]> {
    yield []
    if (left === 0) return
    for (let index = from; index < rules.length; index++) {
      const rule = rules[index]
      if (rule !== undefined) for (const others of choose(index + 1, left - 1)) yield [rule, ...others]
    }
  }
  for (let size = 0; size <= budget; size++) {
    for (const faults of choose(0, size)) if (faults.length === size) yield { faults }
  }
}

function* everyRule(
  { operations, events, kinds = Object.keys(faultKinds) as FaultKind[] }: Space,
  attempts: readonly number[],
): Generator<FaultRule> {
  for (const kind of kinds) {
    const { strikes, fields } = faultKinds[kind]
    const required = Object.entries(fields as Readonly<Record<string, FieldFacts>>).filter(
      ([, facts]) => facts.required,
    )
    const fault = Object.fromEntries([
      ['kind', kind],
      ...required.map(([name, facts]) => [name, examplesOf(facts)[0]]),
    ]) as FaultRule['fault']
    for (const nth of attempts) {
      if (strikes === 'exchange') for (const operation of operations) yield { on: { operation, nth: [nth] }, fault }
      else for (const event of events) yield { on: { event, nth: [nth] }, fault }
    }
  }
}

function defined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}
