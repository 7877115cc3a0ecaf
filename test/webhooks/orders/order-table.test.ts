import { describe, expect, test } from 'vitest'
import { unknownDelivery } from '../../../src/providers/delivery-facts.ts'
import { hold } from '../../../src/webhooks/orders/hold.ts'
import { none } from '../../../src/webhooks/orders/none.ts'
import { type Order, placer, type PlaceTable } from '../../../src/webhooks/orders/order-table.ts'
import { sequence } from '../../../src/webhooks/orders/sequence.ts'
import { serial } from '../../../src/webhooks/orders/serial.ts'

const key = () => 'x'
const event = { provider: 'shop', account: 'acct', subscription: '', id: 'evt_1', type: 'a.b.c', data: {} }
const shop = { name: 'shop', webhooks: { delivery: unknownDelivery } }
const placed = (order: Order<PlaceTable> | undefined, more: Partial<typeof event> = {}, provider = shop) =>
  placer(order, provider)({ ...event, ...more })

describe('a table of orders', () => {
  test('takes the exact name, then the longest that fits', () => {
    const table = { '*': none(), 'a.*': serial({ key, onDead: 'continue' }), 'a.b.*': serial({ key }), 'a.b.c': none() }
    expect(placed(table)).toEqual({})
    expect(placed(table, { type: 'a.b.d' })).toMatchObject({ laneOrder: 'strict' })
    expect(placed(table, { type: 'a.d' })).toMatchObject({ laneOrder: 'serial' })
    expect(placed(table, { type: 'b' })).toEqual({})
  })

  test('keeps accounts, providers, subscriptions and entries apart', () => {
    const table = { 'a.*': serial({ key }), 'b.*': serial({ key }) }
    const places = [
      {},
      { account: 'other' },
      { subscription: 'we_1' },
      { provider: 'other' },
      { type: 'b.c' },
      { account: 'acct","', subscription: '' },
    ].map((more) => placed(table, more).lane)
    expect(new Set(places).size).toBe(places.length)
  })

  test('may be another for each provider', () => {
    const order = (provider: string) => (provider === 'shop' ? { '*': serial({ key }) } : undefined)
    expect(placed(order)).toMatchObject({ laneOrder: 'strict' })
    expect(placed(order, {}, { ...shop, name: 'bank' })).toEqual({})
  })

  test('leaves an event free whose key cannot be read', () => {
    const broken = serial({ key: ({ data }) => (data as { object: { id: string } }).object.id })
    expect(placed({ '*': broken })).toEqual({})
  })

  test('keeps the order of a provider that brings one event after the other, unless told otherwise', () => {
    const inOrder = { name: 'shop', webhooks: { delivery: { ...unknownDelivery, order: 'per-target' as const } } }
    expect(placed(undefined, {}, inOrder)).toMatchObject({ laneOrder: 'serial' })
    expect(placed({ '*': none() }, {}, inOrder)).toEqual({})
    expect(placed(undefined)).toEqual({})
  })

  test('marks the events that others wait for, beside their own place', () => {
    const table = { child: hold({ parents: ['parent'], key, timeoutMs: 5 }), parent: serial({ key }) }
    const parent = placed(table, { type: 'parent' })
    expect(parent).toMatchObject({ laneOrder: 'strict' })
    expect(placed(table, { type: 'child' })).toEqual({ after: { marker: parent.marker, timeoutMs: 5 } })
  })

  test.each([
    ['a star before its end', { 'a.*.b': none() }],
    [
      'a type that two wait for by different keys',
      { a: hold({ parents: ['p'], key, timeoutMs: 5 }), b: hold({ parents: ['p'], key: () => 'y', timeoutMs: 5 }) },
    ],
    [
      'a type that others wait for in a sequence',
      {
        a: hold({ parents: ['p'], key, timeoutMs: 5 }),
        p: sequence({ key, number: () => 1, timeoutMs: 5, onGap: 'dead' }),
      },
    ],
  ])('is refused with %s', (_, table) => {
    expect(() => placed(table)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
