import { describe, expect, test } from 'vitest'
import { type Happening } from '../../src/core/journal.ts'
import { historyLines } from '../../src/reports/step.ts'
import { describeHistory } from '../../src/scenarios/describe.ts'
import { atEnd } from '../../src/scenarios/invariants/invariant.ts'
import { entries, exchange, history } from './histories.ts'

const lines = (told: ReturnType<typeof entries>, shown: readonly number[] = []) =>
  historyLines(describeHistory(history({ entries: told, observed: { orders: {} } }), shown))
const delivery = (id: string, change: object = {}): Happening => ({
  kind: 'delivery',
  delivery: id,
  event: 'evt_1',
  type: 'payment_intent.succeeded',
  attempt: 1,
  genuine: true,
  ...change,
})
const ended = (id: string, status?: number): Happening => ({
  kind: 'delivered',
  delivery: id,
  event: 'evt_1',
  ...(status === undefined ? { error: 'no answer' } : { status }),
})

describe('a history for people', () => {
  test('tells requests by letters of their keys', () => {
    const told = entries(
      ...exchange(0, 'a', undefined, {}, 'key-1'),
      ...exchange(5, 'b', 200, {}, 'key-1'),
      ...exchange(6, 'c', 200, {}, 'key-2'),
      ...exchange(7, 'd', 200),
    )
    expect(lines(told).filter((line) => line.includes('POST'))).toEqual([
      '0 ms  shop     -> provider  POST /v1/charges, key A',
      '5 ms  shop     -> provider  POST /v1/charges, key A',
      '6 ms  shop     -> provider  POST /v1/charges, key B',
      '7 ms  shop     -> provider  POST /v1/charges, no key',
    ])
  })

  test('says what a fault made of an answer', () => {
    const [asked, answered] = exchange(0, 'a', 200)
    const struck: Happening = { kind: 'fault', fault: 'truncated-body', on: 'POST /v1/charges', index: 0 }
    expect(lines(entries(asked, [0, struck], answered))[1]).toContain('200, cut off')
  })

  test('says that a request is never answered', () => {
    expect(lines(entries(exchange(0, 'a', 200)[0]))[0]).toContain('POST /v1/charges, no key, never answered')
  })

  test('makes one line of what happens to one object at one moment, and cuts ids short', () => {
    const id = 'pi_3Qx8ZkA92mVbL01cW7t5'
    const state = (change: string): Happening => ({ kind: 'state', object: 'payment_intent', id, change })
    const told = entries([0, state('created')], [0, state('succeeded')], [9, state('canceled')])
    expect(lines(told, [2])).toEqual([
      '0 ms  provider              payment_intent pi_3Qx8… created, succeeded  <-- here',
      '9 ms  provider              payment_intent pi_3Qx8… canceled',
    ])
  })

  test('leaves out objects and deliveries that only accompany others', () => {
    const told = entries(
      [0, { kind: 'state', object: 'balance_transaction', id: 'txn_1', change: 'created' }],
      [1, delivery('a', { type: 'charge.updated' })],
      [1, ended('a', 200)],
    )
    expect(lines(told)).toEqual([])
  })

  test('tells a delivery that was refused, and one that an attacker sent', () => {
    const told = entries(
      [1, delivery('a', { type: 'charge.updated' })],
      [1, ended('a', 500)],
      [2, delivery('b', { genuine: false, note: 'replayed after 3600000 ms' })],
      [2, ended('b', 200)],
    )
    expect(lines(told)).toEqual([
      '1 ms  provider -> shop      charge.updated evt_1',
      '1 ms  shop     -> provider  500',
      '2 ms  attacker ~> shop      payment_intent.succeeded evt_1 (replayed after 1 h)',
      '2 ms  shop     -> attacker  200',
    ])
  })

  test('says when an event is older than what came before', () => {
    const event = (id: string): Happening => ({ kind: 'event', event: id, type: 'x', about: 'pi_1' })
    const told = entries(
      [0, event('evt_1')],
      [0, event('evt_2')],
      [1, delivery('b', { event: 'evt_2' })],
      [2, delivery('a', { type: 'payment_intent.created' })],
    )
    expect(lines(told)[1]).toContain('payment_intent.created evt_1 (older than what came before)')
  })

  test('tells many attempts of one event in one line', () => {
    const told = entries(
      ...Array.from({ length: 9 }, (_, index) => [
        [index * 1_000, delivery(`d${index}`, { attempt: index + 1 })] as const,
        [index * 1_000, ended(`d${index}`, 400)] as const,
      ]).flat(),
    )
    expect(lines(told)).toEqual([
      '0 ms  provider -> shop      payment_intent.succeeded evt_1',
      '0 ms  shop     -> provider  400',
      ' 1 s  provider -> shop      payment_intent.succeeded evt_1 (attempt 2)',
      ' 1 s  shop     -> provider  400',
      ' 2 s  provider              sends payment_intent.succeeded 6 more times by its schedule',
      ' 8 s  provider -> shop      payment_intent.succeeded evt_1 (attempt 9)',
      ' 8 s  shop     -> provider  400',
    ])
  })

  test('ends with what the shop believes, marked when that is what is wrong', () => {
    const observed = { orders: { 'order-1': { status: 'pending', fulfilled: 2 } } } as const
    expect(describeHistory(history({ observed }), [atEnd])).toEqual([
      { atMs: 0, from: 'shop', text: 'believes order-1 pending, fulfilled twice', wrong: true },
    ])
  })
})
