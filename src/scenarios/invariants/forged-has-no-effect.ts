import { type Entry } from '../../core/journal.ts'
import { type History, entriesOf, succeeded } from '../history.ts'
import { ordersOf } from '../workload.ts'
import { type Finding, type Invariant } from './invariant.ts'

type Delivery = Extract<Entry, { kind: 'delivery' }>

/** What an attacker sends, changes on its way, or sends again, has no effect. */
export function forgedHasNoEffect(): Invariant {
  return {
    name: 'forged-has-no-effect',
    promise: 'A delivery that the provider did not send has no effect.',
    check: (history) => {
      const attacks = entriesOf(history, 'delivery').filter(({ genuine }) => !genuine)
      const [first] = attacks
      if (first === undefined) return []
      const orders = ordersOf(history.workload).flatMap(({ id }) => effectOn(history, id, first))
      return orders.length > 0 ? orders : accepted(history, attacks)
    },
  }
}

function effectOn(history: History, id: string, attack: Delivery): readonly Finding[] {
  const belief = history.observed?.orders[id]
  if (belief === undefined) return []
  const effects = entriesOf(history, 'effect')
    .filter(({ effect, key }) => effect === 'fulfil' && key === id)
    .map(({ seq }) => seq)
  if (succeeded(history, id).length === 0 && (belief.status === 'paid' || belief.fulfilled > 0)) {
    const what = belief.fulfilled > 0 ? 'was fulfilled' : 'counts as paid'
    return [
      {
        happened: `Order ${id} ${what} although nobody paid: ${inWords(attack)} was believed.`,
        entries: effects.slice(0, 1),
      },
    ]
  }
  const after = effects.filter((seq) => seq > attack.seq)
  if (belief.fulfilled <= 1 || after.length === 0) return []
  return [{ happened: `Order ${id} was fulfilled again: ${inWords(attack)} was believed.`, entries: after.slice(-1) }]
}

/** Changed bytes that are taken with a 2xx are believed, and the true ones will never be sent. */
function accepted(history: History, attacks: readonly Delivery[]): readonly Finding[] {
  const taken = new Set(
    entriesOf(history, 'delivered')
      .filter(({ status = 0 }) => status >= 200 && status < 300)
      .map(({ delivery }) => delivery),
  )
  const tampered = attacks.find(({ delivery, note }) => taken.has(delivery) && note?.includes('tampered') === true)
  if (tampered === undefined) return []
  return [{ happened: `${inWords(tampered)} was accepted; the true one will never be sent.`, entries: [tampered.seq] }]
}

function inWords({ type, note }: Delivery): string {
  return `a ${type} that the provider did not send${note === undefined ? '' : ` (${note})`}`
}
