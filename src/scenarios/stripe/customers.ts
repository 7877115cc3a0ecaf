import { type Scenario } from '../define.ts'
import { isPaid } from '../invariants/is-paid.ts'
import { order } from '../workload.ts'
import { stripeScenario } from './stripe-scenario.ts'

const challenged = order('order-1', { card: 'pm_card_threeDSecureRequired' })

/** What must hold whatever customers do. */
export const customerScenarios: readonly Scenario[] = [
  stripeScenario('charges once when one order is checked out twice at once', {
    promise: 'Two checkouts of one order at the same moment charge it once.',
    workload: [
      { do: 'pay', order: order('order-1'), atMs: 0 },
      { do: 'pay', order: order('order-1'), atMs: 0 },
    ],
  }),
  stripeScenario('charges once when the customer clicks twice', {
    promise: 'A second click half a second later does not charge a second time.',
    workload: [
      { do: 'pay', order: order('order-1'), atMs: 0 },
      { do: 'pay', order: order('order-1'), atMs: 500 },
    ],
    faults: [{ on: { operation: 'POST /v1/payment_intents' }, fault: { kind: 'latency', delayMs: 2_000 } }],
  }),
  stripeScenario('keeps two orders apart', {
    promise: 'Two orders of the same amount at the same moment are two payments.',
    workload: [
      { do: 'pay', order: order('order-1'), atMs: 0 },
      { do: 'pay', order: order('order-2'), atMs: 0 },
    ],
    invariants: [isPaid()],
  }),
  stripeScenario('completes a payment that the customer authenticates later', {
    promise: 'A payment that waits for the customer is completed by the webhook half a minute later.',
    workload: [
      { do: 'pay', order: challenged, atMs: 0 },
      { do: 'complete-action', order: 'order-1', how: 'succeed', atMs: 30_000 },
    ],
  }),
  stripeScenario('fulfils nothing when the authentication fails', {
    promise: 'A customer who fails the authentication gets nothing.',
    workload: [
      { do: 'pay', order: challenged, atMs: 0 },
      { do: 'complete-action', order: 'order-1', how: 'fail', atMs: 30_000 },
    ],
  }),
  stripeScenario('refunds in full when the reply is lost', {
    promise: 'A refund whose reply is lost ends as one refund that both sides know of.',
    workload: [
      { do: 'pay', order: order('order-1'), atMs: 0 },
      { do: 'refund', order: 'order-1', atMs: 10_000 },
    ],
    faults: [{ on: { operation: 'POST /v1/refunds', nth: [1] }, fault: { kind: 'lost-reply' } }],
    except: ['requests-valid'],
  }),
]
