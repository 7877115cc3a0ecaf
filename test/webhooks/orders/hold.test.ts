import { describe, expect, test } from 'vitest'
import { hold, type HoldOptions } from '../../../src/webhooks/orders/hold.ts'
import { keyOf, openShop } from '../../support/ordered-shop.ts'

function openHolding(options: Partial<HoldOptions> = {}) {
  const handled: string[] = []
  const known = new Set<string | undefined>()
  const shop = openShop(
    { 'child.*': hold({ parents: ['parent.created'], key: keyOf, timeoutMs: 60_000, ...options }) },
    (event, { current, missing, attempt }) => {
      if (event.type === 'parent.created') known.add(keyOf(event))
      if ((event.data as { failsOnce?: boolean }).failsOnce === true && attempt === 1) throw new Error('again')
      const how = current === undefined ? (missing === undefined ? '' : ' alone') : ' asked'
      handled.push(`${event.id}${how}@${shop.clock.monotonic()}`)
    },
    { pausesMs: [1_000, 1_000] },
  )
  return { ...shop, handled, known }
}

const parent = { id: 'parent', type: 'parent.created', key: 'x' }
const child = { id: 'child', type: 'child.updated', key: 'x' }

describe.each(['the inbox', 'the application'])('a child that came before its parent, as %s knows', (who) => {
  const open = (options: Partial<HoldOptions> = {}) => {
    const shop = openHolding(
      who === 'the inbox' ? options : { ready: (event) => shop.known.has(keyOf(event)), ...options },
    )
    return shop
  }

  test('waits for it, and is handled as soon as that was', async () => {
    const { clock, put, worker, handled, inbox } = open()
    worker.start()
    await put(child, { ...child, id: 'stranger', key: 'y' })
    await clock.advance(5_000)
    await put({ ...parent, failsOnce: true })
    await clock.advance(2_000)
    await worker.stop()
    expect(handled).toEqual(['parent@6000', 'child@6000'])
    expect((await inbox.inspect({ eventId: 'child' })).events[0]?.attempts).toBe(1)
  })

  test('does not wait when it came after all', async () => {
    const { clock, put, worker, handled } = open()
    worker.start()
    await put(parent)
    await clock.advance(10)
    await put(child)
    await clock.advance(0)
    await worker.stop()
    expect(handled).toEqual(['parent@0', 'child@10'])
  })

  test.each([
    ['run', ['child alone@60000'], { done: 1 }],
    ['dead', [], { dead: 1 }],
    [async () => ({ fetched: true }), ['child asked@60000'], { done: 1 }],
  ] as const)('is not held longer than it may be: %s', async (onTimeout, expected, states) => {
    const { clock, put, worker, handled, counts } = open({ onTimeout })
    await put(child)
    await clock.run(() => worker.drain({ untilEmpty: true }))
    expect(handled).toEqual(expected)
    expect(await counts()).toMatchObject({ ...states, held: 0 })
  })
})

test('an application that never gets what it waits for has the child tried by the schedule and then given up', async () => {
  const { clock, put, worker, handled, inbox } = openHolding({ ready: () => false })
  worker.start()
  await put(parent, child)
  await clock.advance(50_000)
  await worker.stop()
  expect(handled).toEqual(['parent@0'])
  expect((await inbox.inspect({ states: ['dead'] })).events).toMatchObject([
    { eventId: 'child', lastError: 'not ready' },
  ])
})
