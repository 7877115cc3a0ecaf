import { pathOf } from '../../src/core/record.ts'
import { record } from '../../src/core/record.ts'
import { seededRandom } from '../../src/core/random.ts'
import { stack } from '../../src/core/service.ts'
import { type Faults, createFaults, noFaults } from '../../src/mocks/create-faults.ts'
import { type Scenario, defineScenario } from '../../src/scenarios/define.ts'
import { atMostOnce, converges, fulfilledOnce, paidIsFulfilled } from '../../src/scenarios/invariants/index.ts'
import { type ProviderPack, type ScenarioMock, type ScenarioMockOptions } from '../../src/scenarios/provider-pack.ts'
import { order } from '../../src/scenarios/workload.ts'
import { type DeliveryTools } from '../../src/webhooks/delivery.ts'
import { writeEvent } from '../../src/webhooks/write-event.ts'

interface FakePayment {
  readonly id: string
  readonly order: string
  readonly amount: number
  status: 'succeeded' | 'failed' | 'pending'
}

/**
 * The smallest provider that scenarios can be about: POST /charges makes a charge, a key makes it only
 * once, and an event says so 20 ms later and again every minute until it is taken.
 */
export function fakePack(
  scenarios: readonly Scenario[] = [],
  exploring: ProviderPack['exploring'] = fakeExploring,
): ProviderPack {
  return {
    name: 'fake',
    title: 'Fake',
    baseUrl: 'https://api.fake.test',
    hosts: ['https://api.fake.test'],
    apiKey: 'key_secret_123456',
    webhookSecret: 'whsec_fake_123456',
    createMock: async (options) => createFakeMock(options),
    payments: (mock) =>
      (mock.objects('payment') as unknown as FakePayment[]).map(({ id, order, amount, status }) => ({
        id,
        order,
        amount,
        status,
        currency: 'usd',
        refunded: 0,
      })),
    eventText: (type, object, id) => JSON.stringify({ id, type, object }),
    scenarios,
    exploring,
  }
}

/** What can go wrong with a charge, and what must hold of it all the same. */
export const fakeExploring: ProviderPack['exploring'] = {
  scenario: defineScenario({
    name: 'holds under every schedule',
    provider: 'fake',
    promise: 'Every invariant holds.',
    workload: [{ do: 'pay', order: order('order-1') }],
    plan: { faults: [] },
    invariants: [atMostOnce(), fulfilledOnce(), paidIsFulfilled(), converges()],
  }),
  space: {
    operations: ['POST /charges'],
    events: ['charge.succeeded'],
    cards: ['pm_card_visa', 'declined'],
    kinds: ['lost-reply', 'reset', 'latency', 'duplicate', 'drop', 'delay'],
  },
}

function createFakeMock({ clock, journal, webhooks }: ScenarioMockOptions): ScenarioMock {
  let payments: FakePayment[] = []
  let keys = new Map<string, string>()
  let pending = 0
  let deliveries = 0
  let faults: Faults = noFaults
  let exchanges = 0

  const send = (event: { id: string; type: string; body: Uint8Array<ArrayBuffer> }, attempt = 1) => {
    pending++
    clock.after(attempt === 1 ? 20 : 60_000, () => void deliver(event, attempt))
  }
  const deliver = async (event: { id: string; type: string; body: Uint8Array<ArrayBuffer> }, attempt: number) => {
    const { url, service, secret } = webhooks[0]!
    const delivery = {
      id: `d${++deliveries}`,
      event: event.id,
      type: event.type,
      attempt,
      dueAtMs: clock.now(),
      url,
      genuine: true,
      body: event.body,
      headers: {},
    }
    const sent = faults.deliveries([delivery], unsigned)
    const taken = await Promise.all(
      sent.map(async ({ id, type, genuine, body, note, lost }) => {
        journal.record({
          kind: 'delivery',
          delivery: id,
          event: event.id,
          type,
          attempt,
          genuine,
          ...(note === undefined ? {} : { note }),
        })
        if (lost === true) {
          journal.record({ kind: 'delivered', delivery: id, event: event.id, error: 'lost' })
          return false
        }
        const headers = genuine ? { 'x-secret': secret } : {}
        const { status } = await service(new Request(url, { method: 'POST', headers, body }))
        journal.record({ kind: 'delivered', delivery: id, event: event.id, status })
        return status < 300
      }),
    )
    pending--
    if (!taken.includes(true) && attempt < 5) send(event, attempt + 1)
  }

  const charge = async (request: Request): Promise<Response> => {
    if (request.headers.get('authorization') !== 'Bearer key_secret_123456') return new Response(null, { status: 401 })
    const { order, amount, card } = (await request.json()) as { order: string; amount: number; card: string }
    const key = request.headers.get('idempotency-key')
    const stored = key === null ? undefined : keys.get(key)
    if (stored !== undefined) return new Response(stored, { headers: { 'content-type': 'application/json' } })
    const payment: FakePayment = {
      id: `ch_${payments.length + 1}`,
      order,
      amount,
      status: card === 'declined' ? 'failed' : 'succeeded',
    }
    payments.push(payment)
    journal.record({ kind: 'state', object: 'payment', id: payment.id, change: payment.status })
    const body = JSON.stringify(payment)
    if (key !== null) keys.set(key, body)
    const event = { id: `evt_${payments.length}`, type: `charge.${payment.status}`, object: payment }
    send({ id: event.id, type: event.type, body: new TextEncoder().encode(JSON.stringify(event)) })
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  }

  const operationOf = (request: Request) => ({ name: `${request.method} ${pathOf(request.url)}` })
  const service = stack(
    record('mock', {
      journal,
      operationOf: (request) => operationOf(request).name,
      nextExchange: () => `x${++exchanges}`,
    }),
    (next) => (request, context) => faults.network(next)(request, context),
  )(charge)

  return Object.assign(service, {
    objects: () => payments as unknown as Record<string, unknown>[],
    completeAction: () => {},
    setPlan(plan: Parameters<ScenarioMock['setPlan']>[0]) {
      const random = seededRandom(1, 'plan')
      const errorResponse = (status: number) => new Response('{}', { status })
      faults =
        plan === undefined ? noFaults : createFaults(plan, { clock, random, journal, errorResponse, operationOf })
    },
    reset() {
      payments = []
      keys = new Map()
      pending = deliveries = exchanges = 0
    },
    outbox: {
      get pending() {
        return pending
      },
      send,
    },
    async [Symbol.asyncDispose]() {},
  })
}

/** This provider signs nothing. */
const unsigned: DeliveryTools = {
  due: true,
  sign: ({ headers, body, url }) => ({ headers, body, url }),
  secret: '',
  bodySigned: false,
  carriesSeveral: false,
  otherSecret: () => '',
  rewrite: (delivery, values) => ({ ...delivery, ...writeEvent({ id: '/id', type: '/type' }, delivery, values) }),
}
