import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createJournal, journalText } from '../../src/core/journal.ts'
import { randomToken, seededRandom } from '../../src/core/random.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { createFaults } from '../../src/mocks/create-faults.ts'
import { type DeliveryFault, strike } from '../../src/mocks/delivery-faults/delivery-fault.ts'
import { describeFault } from '../../src/mocks/describe-fault.ts'
import { type FaultTrigger, readPlan } from '../../src/mocks/plan.ts'
import { stripe } from '../../src/providers/stripe.ts'
import { type Delivery, type DeliveryTools, type Signed } from '../../src/webhooks/delivery.ts'
import { writeEvent } from '../../src/webhooks/write-event.ts'

export const dueAtMs = 1_800_000_000_000

/** A delivery as an outbox asks about it. */
export function pendingDelivery(changes: Partial<Delivery> = {}): Delivery {
  const event = { id: 'evt_1Nabcdefghijkl', type: 'payment_intent.created', created: 1_800_000_000 }
  const object = { id: 'pi_1', amount: 1200, amount_received: 0, status: 'requires_payment_method' }
  return {
    id: 'whd_1.1',
    event: event.id,
    type: event.type,
    attempt: 1,
    dueAtMs,
    url: 'https://shop.test/hooks',
    headers: {},
    body: new TextEncoder().encode(JSON.stringify({ ...event, data: { object } })),
    genuine: true,
    ...changes,
  }
}

/** Signs so that a test can read what was signed, when, and with what. */
function readableSign({ headers, body, url, dueAtMs: atMs }: Delivery, secrets: readonly string[] = ['own']): Signed {
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 8)
  return { headers: { ...headers, signature: `${secrets.join('+')} ${atMs} ${digest}` }, body, url }
}

/** What an outbox of Stripe lends, but for a signature that can be read. */
export const tools: DeliveryTools = {
  due: true,
  sign: readableSign,
  secret: 'own',
  bodySigned: true,
  carriesSeveral: true,
  otherSecret: (random) => `whsec_${randomToken(random, 32)}`,
  rewrite: (delivery, values) => ({
    ...delivery,
    ...writeEvent(stripe.webhooks.scheme.event, delivery, values),
    event: values.id ?? delivery.event,
    type: values.type ?? delivery.type,
  }),
}

/** The signature of a delivery's body, as `readableSign` makes it. */
export function readableSignature(delivery: Delivery | undefined, secrets?: readonly string[]): string | undefined {
  return delivery === undefined ? undefined : readableSign(delivery, secrets).headers['signature']
}

export const textOfBody = (delivery: Delivery | undefined) => new TextDecoder().decode(delivery?.body)

/** What one fault makes of one delivery. */
export function made(
  fault: DeliveryFault,
  delivery = pendingDelivery(),
  lent: Partial<DeliveryTools> = {},
): readonly Delivery[] {
  return strike(fault, { ...tools, random: seededRandom(1), ...lent })(delivery)
}

/** What every delivery fault keeps to, whatever it does. */
export function deliveryFaultLaws(fault: DeliveryFault): void {
  describe(`${fault.kind} keeps the laws of delivery faults`, () => {
    const early = fault.kind === 'early'
    const pending = pendingDelivery()
    const asked = { ...tools, due: !early }
    const elsewhere: [string, FaultTrigger][] = [
      ['another event', { event: 'charge.*' }],
      ['another attempt', { nth: [2] }],
      ['a later time', { fromMs: 1_000 }],
      ['another tenant', { tenant: 'acct_2' }],
      ['chance says no', { probability: 0 }],
    ]
    test.each(elsewhere)('changes nothing where it waits for %s', (_name, on) => {
      const { faults, journal } = world([{ on, fault }])

      const sent = faults.deliveries([pending], asked)

      expect(sent).toEqual([pending])
      expect(sent[0]).toBe(pending)
      expect(journal.entries()).toEqual([])
    })

    test(`strikes ${early ? 'only before' : 'only when'} a delivery is due`, () => {
      const { faults, journal } = world([{ fault }])
      expect(faults.deliveries([pending], { ...tools, due: early })[0]).toBe(pending)
      expect(faults.deliveries([pending], asked)).not.toEqual([pending])
      expect(journal.entries()).toMatchObject([{ kind: 'fault', fault: fault.kind, on: pending.type, index: 0 }])
    })

    test('makes the same run from the same seed', () => {
      const run = (seed: number) => {
        const { faults, journal } = world([{ on: { probability: 0.5 }, fault }], seed)
        const many = Array.from({ length: 30 }, (_, index) => ({ ...pending, id: `whd_${index}.1` }))
        return [faults.deliveries(many, asked), journalText(journal.entries())]
      }

      expect(run(1)).toEqual(run(1))
      expect(run(1)[1]).not.toEqual(run(2)[1])
    })

    test('leaves what it is given as it was and keeps its id on one of what it makes', () => {
      const before = structuredClone(pending)

      const sent = made(fault, pending)

      expect(pending).toEqual(before)
      expect(sent.filter(({ id }) => id === pending.id)).toHaveLength(1)
      expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length)
    })

    test('says in a note what it did, beside what others did', () => {
      const changed = made(fault, { ...pending, note: 'told' }).filter(({ note }) => note !== 'told')

      expect(changed.length).toBeGreaterThan(0)
      for (const { note } of changed) expect(note).toMatch(/^told, ./)
    })

    test('can be written as a plan and said in words', () => {
      const plan = { faults: [{ on: { event: 'refund.*' }, fault }] }

      expect(readPlan(JSON.parse(JSON.stringify(plan)), 'plan.json')).toEqual(plan)
      expect(describeFault({ on: { event: 'refund.*' }, fault })).toContain('refund.*')
    })
  })
}

function world(faults: Parameters<typeof createFaults>[0]['faults'], seed = 1) {
  const clock = virtualClock({ startMs: dueAtMs })
  const journal = createJournal({ clock })
  const rest = { clock, journal, random: () => 0, errorResponse: () => new Response(), operationOf: () => undefined }
  return { faults: createFaults({ seed, faults }, rest), journal }
}
