import { describe, expect, test } from 'vitest'
import {
  type IntentMove,
  type IntentStatus,
  intentAfter,
  intentMoves,
  isConfirmable,
  statusesFor,
} from '../../../../src/mocks/providers/stripe/payment-intent-machine.ts'

const moves: readonly IntentMove[] = [
  'provide',
  'challenge',
  'wait',
  'approve',
  'authorize',
  'decline',
  'capture',
  'cancel',
]

/** Where each move leads from each status, in the order of `moves`; a dash is a refusal. */
const table: Readonly<Record<IntentStatus, string>> = {
  requires_payment_method:
    'requires_confirmation requires_action processing succeeded requires_capture requires_payment_method - canceled',
  requires_confirmation:
    'requires_confirmation requires_action processing succeeded requires_capture requires_payment_method - canceled',
  requires_action:
    'requires_confirmation requires_action processing succeeded requires_capture requires_payment_method - canceled',
  processing: '- - - succeeded requires_capture requires_payment_method - canceled',
  requires_capture: '- - - - - - succeeded canceled',
  succeeded: '- - - - - - - -',
  canceled: '- - - - - - - -',
}

describe('the life of a payment intent', () => {
  test.each(Object.entries(table) as [IntentStatus, string][])(
    'from %s leads only where Stripe lets it',
    (status, row) => {
      expect(moves.map((move) => intentAfter(status, move) ?? '-').join(' ')).toBe(row)
    },
  )

  test('ends in succeeded and canceled', () => {
    const ends = (Object.keys(intentMoves) as IntentStatus[]).filter(
      (status) => Object.keys(intentMoves[status]).length === 0,
    )
    expect(ends).toEqual(['succeeded', 'canceled'])
  })

  test('can be confirmed by the client until the bank has been asked', () => {
    const confirmable = (Object.keys(intentMoves) as IntentStatus[]).filter((status) => isConfirmable(status))
    expect(confirmable).toEqual(['requires_payment_method', 'requires_confirmation', 'requires_action'])
  })

  test('names the statuses in which a move is possible', () => {
    expect(statusesFor('capture')).toEqual(['requires_capture'])
  })
})
