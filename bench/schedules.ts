import { carefulInMemory as careful } from '../examples/checkout/careful/goodfence.config.ts'
import { seededRandom } from '../src/core/random.ts'
import { type FaultPlan } from '../src/mocks/plan.ts'
import {
  atMostOnce,
  converges,
  forgedHasNoEffect,
  fulfilledOnce,
  paidIsFulfilled,
} from '../src/scenarios/invariants/index.ts'
import { judge } from '../src/scenarios/judge.ts'
import { runOnce } from '../src/scenarios/run.ts'
import { openSession } from '../src/scenarios/session.ts'
import { createStage } from '../src/scenarios/stage.ts'
import { type ProviderPack } from '../src/scenarios/provider-pack.ts'
import { stripePack } from '../src/scenarios/stripe/pack.ts'
import { order, type Workload } from '../src/scenarios/workload.ts'
import { median, spread } from './measure.ts'
import { type Row } from './row.ts'

/** One order, paid and given back: five or six calls. */
const workload: Workload = [
  { do: 'pay', order: order('order-1') },
  { do: 'refund', order: 'order-1' },
]
/** What the shop's endpoint is registered for: three events of such an order. */
const events = ['payment_intent.created', 'payment_intent.succeeded', 'charge.refunded']
const pack: ProviderPack = {
  ...stripePack,
  createMock: ({ webhooks, ...options }) =>
    stripePack.createMock({ ...options, webhooks: webhooks.map((target) => ({ ...target, events })) }),
}
const invariants = [atMostOnce(), fulfilledOnce(), paidIsFulfilled(), converges(), forgedHasNoEffect()]

const perRound = 400

/** Rounds before the first that counts. V8 compiles for some ten thousand schedules: the first seconds of an exploration. */
const warmUps = 25

/** Schedules a second: a fresh mock, a fresh careful shop with its database, the workload, a drawn plan, the verdict. */
export async function rows(): Promise<Row[]> {
  const random = seededRandom(1, 'schedules')
  await using stage = await createStage({ pack, seed: 1 })
  using session = await openSession({ globals: false })
  const counts = { schedules: 0, calls: 0, deliveries: 0 }
  const rates: number[] = []
  for (let round = -warmUps; round < 25; round++) {
    const startedMs = performance.now()
    for (let i = 0; i < perRound; i++) {
      const history = await runOnce({ plan: planOf(random), workload }, { stage, session, subject: careful })
      const { verdict, violations } = judge(history, invariants)
      if (verdict !== 'holds') throw new Error(`The careful shop was found ${verdict}: ${violations[0]?.happened}`)
      if (round < 0) continue
      counts.schedules++
      counts.calls += history.entries.filter((entry) => entry.kind === 'request').length
      counts.deliveries += history.entries.filter((entry) => entry.kind === 'delivery').length
    }
    if (round >= 0) rates.push((perRound * 1_000) / (performance.now() - startedMs))
  }
  const per = (count: number) => (count / counts.schedules).toFixed(1)
  const versus = `one core; ${per(counts.calls)} calls, ${per(counts.deliveries)} signed deliveries, ${invariants.length} invariants each`
  return [{ name: 'schedules-realistic', value: median(rates), unit: '/s', versus, spread: spread(rates) }]
}

const faults = [
  [{ kind: 'lost-reply' }, 'POST /v1/payment_intents'],
  [{ kind: 'latency', delayMs: 800 }, 'POST /v1/payment_intents'],
  [{ kind: 'status', status: 500 }, 'POST /v1/refunds'],
  [{ kind: 'latency', delayMs: 800 }, 'GET /v1/payment_intents/{intent}'],
] as const
const deliveryFaults = [
  { kind: 'duplicate', copies: 2 },
  { kind: 'reorder' },
  { kind: 'forge' },
  { kind: 'delay', delayMs: 5_000 },
] as const

/** One fault of a call and one of a delivery. */
function planOf(random: () => number): FaultPlan {
  const [fault, operation] = faults[Math.floor(random() * faults.length)] ?? faults[0]
  const deliveryFault = deliveryFaults[Math.floor(random() * deliveryFaults.length)] ?? deliveryFaults[0]
  return {
    faults: [
      { on: { operation, nth: [1] }, fault },
      { on: { event: '*', nth: [1 + Math.floor(random() * 3)] }, fault: deliveryFault },
    ],
  }
}
