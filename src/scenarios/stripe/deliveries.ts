import { type Scenario } from '../define.ts'
import { eventsAcknowledged } from '../invariants/events-acknowledged.ts'
import { paidIsFulfilled } from '../invariants/paid-is-fulfilled.ts'
import { order } from '../workload.ts'
import { stripeScenario } from './stripe-scenario.ts'

const paid = 'payment_intent.succeeded'
const tenMinutesMs = 600_000
/** Less than the provider waits before it comes again. */
const halfMinuteMs = 30_000

/** What must hold however the provider's own events arrive. */
export const deliveryScenarios: readonly Scenario[] = [
  stripeScenario('fulfils once when an event arrives twice at the same moment', {
    promise: 'Two deliveries of one event at the same moment have the effect of one.',
    faults: [paid, 'charge.succeeded'].map((event) => ({ on: { event }, fault: { kind: 'duplicate', copies: 2 } })),
  }),
  stripeScenario('keeps the newer state when events arrive in the wrong order', {
    promise: 'An older event that arrives after a newer one changes nothing.',
    workload: [
      { do: 'pay', order: order('order-1', { card: 'pm_card_threeDSecureRequired' }), atMs: 0 },
      { do: 'complete-action', order: 'order-1', how: 'succeed', atMs: 1_000 },
    ],
    faults: [
      { on: { event: 'payment_intent.created' }, fault: { kind: 'delay', delayMs: 60_000 } },
      { on: { event: 'payment_intent.requires_action' }, fault: { kind: 'delay', delayMs: 60_000 } },
    ],
  }),
  stripeScenario('keeps a payment when an old failure arrives late', {
    promise: 'The news that the first card was declined does not undo the payment with the second.',
    workload: [
      { do: 'pay', order: order('order-1', { card: 'pm_card_chargeDeclined' }) },
      { do: 'pay', order: order('order-1') },
    ],
    faults: [{ on: { event: 'payment_intent.payment_failed' }, fault: { kind: 'delay', delayMs: tenMinutesMs } }],
  }),
  stripeScenario('survives neighbours that change places', {
    promise: 'Events that arrive after their successors do no harm.',
    faults: [{ on: { event: '*' }, fault: { kind: 'reorder' } }],
  }),
  stripeScenario('fulfils when the event comes before the answer', {
    promise: 'An event that arrives before the API has answered is not lost.',
    faults: [{ on: { event: '*' }, fault: { kind: 'early' } }],
  }),
  stripeScenario('fulfils although the first deliveries are dropped', {
    promise: 'An event whose first three deliveries are lost still has its effect when the fourth arrives.',
    faults: [{ on: { event: paid, nth: [1, 2, 3] }, fault: { kind: 'drop' } }],
  }),
  stripeScenario('fulfils when the event is two days late', {
    promise: 'An event that arrives after two days has its effect, once.',
    faults: [{ on: { event: paid }, fault: { kind: 'delay', delayMs: 172_800_000 } }],
  }),
  stripeScenario('fulfils once although reply and event are both in trouble', {
    promise: 'A lost reply and two deliveries at once together still come to one charge and one fulfilment.',
    faults: [
      { on: { operation: 'POST /v1/payment_intents', nth: [1] }, fault: { kind: 'lost-reply' } },
      { on: { event: paid }, fault: { kind: 'duplicate', copies: 3 } },
    ],
  }),
  stripeScenario('lets a poison event stop nobody else', {
    promise: 'An event that cannot be handled does not keep the others from being handled within ten minutes.',
    workload: [
      { do: 'send-event', type: paid, object: { id: 'pi_poison', object: 'payment_intent', metadata: null } },
      { do: 'pay', order: order('order-1'), atMs: 1_000 },
      { do: 'pay', order: order('order-2'), atMs: 2_000 },
    ],
    invariants: [paidIsFulfilled({ withinMs: tenMinutesMs })],
  }),
  stripeScenario('acknowledges an event of a type that it does not know', {
    promise: 'A new type of event is taken with a 2xx, so that the provider does not send it for three days.',
    workload: [
      { do: 'send-event', type: 'radar.novelty_detected', object: { id: 'nov_1', object: 'radar.novelty' } },
      { do: 'pay', order: order('order-1'), atMs: 1_000 },
    ],
    invariants: [eventsAcknowledged({ type: 'radar.novelty_detected' })],
  }),
  stripeScenario('survives an event about an order that it does not know', {
    promise: 'An event about something that another system made does no harm.',
    workload: [
      { do: 'send-event', type: paid, object: intentOfAnotherShop() },
      { do: 'pay', order: order('order-1'), atMs: 1_000 },
    ],
  }),
  stripeScenario('takes events while the secret is being rolled', {
    promise:
      'An event that carries the signature of a new secret before that of the old one is taken when it first comes.',
    faults: [{ on: { event: '*' }, fault: { kind: 'rotated-secret' } }],
    invariants: [paidIsFulfilled({ withinMs: halfMinuteMs })],
  }),
  stripeScenario('acknowledges an event of another version of the API', {
    promise: 'An event of another version, with members that nobody has heard of, is taken when it first comes.',
    faults: [{ on: { event: '*' }, fault: { kind: 'other-api-version' } }],
    invariants: [paidIsFulfilled({ withinMs: halfMinuteMs })],
  }),
  stripeScenario('does not take other bytes under a known id for a new event', {
    promise: 'An event that comes again under its id, written differently, has no second effect.',
    faults: [{ on: { event: paid }, fault: { kind: 'same-id-other-bytes' } }],
  }),
]

function intentOfAnotherShop() {
  return {
    id: 'pi_anothershop',
    object: 'payment_intent',
    amount: 500,
    amount_received: 500,
    currency: 'usd',
    customer: null,
    latest_charge: null,
    livemode: false,
    metadata: { order_id: 'order-of-another-shop' },
    status: 'succeeded',
  }
}
