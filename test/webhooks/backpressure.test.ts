import { describe, expect, test } from 'vitest'
import { virtualClock } from '../../src/core/virtual-clock.ts'
import { github } from '../../src/providers/webhooks/github.ts'
import { shopify } from '../../src/providers/webhooks/shopify.ts'
import { stripe } from '../../src/providers/webhooks/stripe.ts'
import { createBackpressure } from '../../src/webhooks/backpressure.ts'
import { refusalsUntilDisabled, retryHorizon } from '../../src/webhooks/retry-horizon.ts'
import { createMemoryInbox } from '../../src/webhooks/stores/memory.ts'
import { createWorker } from '../../src/webhooks/worker.ts'
import { delivered, receiving } from '../support/receiving.ts'

function setUp(maxWaiting = 10) {
  const clock = virtualClock()
  const inbox = createMemoryInbox({ clock })
  const backpressure = createBackpressure({ inbox, clock, maxWaiting, maxAgeMs: 3_600_000 })
  let count = 0
  const fill = async (more: number) => {
    const key = { provider: 'p', account: '', subscription: '', type: 'a' }
    await inbox.put(Array.from({ length: more }, () => ({ ...key, eventId: `${count++}`, body: new Uint8Array(0) })))
    await look()
  }
  const look = async () => {
    await clock.advance(1_000)
    backpressure.takes(stripe)
    await clock.advance(0)
  }
  const drain = async () => {
    await clock.run(() => createWorker({ inbox, clock, handle: () => {} }).drain())
    await look()
  }
  return { clock, inbox, backpressure, fill, drain, look }
}

describe('backpressure', () => {
  test('puts off Stripe before GitHub, which never comes again', async () => {
    expect([stripe, github].map(({ webhooks }) => retryHorizon(webhooks.delivery))).toEqual(['days', 'none'])
    const { backpressure, fill, drain } = setUp()
    const taken = () => [stripe, github].map((provider) => backpressure.takes(provider))
    await fill(7)
    expect(taken()).toEqual([true, true])
    await fill(1)
    expect(taken()).toEqual([false, true])
    await fill(2)
    expect(taken()).toEqual([false, false])
    await drain()
    expect(taken()).toEqual([true, true])
  })

  test('minds how long the oldest event has waited', async () => {
    const { clock, backpressure, fill, look } = setUp()
    await fill(1)
    expect(backpressure.level).toBe('none')
    await clock.advance(3_600_000)
    await look()
    expect(backpressure.level).toBe('all')
  })

  test('never refuses Shopify often enough in a row to lose the subscription', async () => {
    const limit = refusalsUntilDisabled(shopify.webhooks.delivery) ?? Number.NaN
    expect(limit).toBeGreaterThan(1)
    const { backpressure, fill } = setUp()
    await fill(10)
    let inARow = 0
    let longest = 0
    for (let count = 0; count < 100; count++) {
      inARow = backpressure.takes(shopify) ? 0 : inARow + 1
      longest = Math.max(longest, inARow)
    }
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThanOrEqual(limit / 2)
  })

  test('looks at the inbox once a second at the most, and never while it looks', async () => {
    const clock = virtualClock()
    let looks = 0
    const hanging = { inspect: () => (looks++, new Promise<never>(() => {})) }
    const backpressure = createBackpressure({ inbox: hanging, clock })
    for (let second = 0; second < 5; second++) {
      for (let count = 0; count < 100; count++) expect(backpressure.takes(stripe)).toBe(true)
      await clock.advance(1_000)
    }
    expect(looks).toBe(1)
  })

  test('keeps its level when the inbox cannot be looked at', async () => {
    const clock = virtualClock()
    const failing = { inspect: () => Promise.reject(new Error('gone')) }
    const backpressure = createBackpressure({ inbox: failing, clock })
    expect(backpressure.takes(stripe)).toBe(true)
    await clock.advance(1_000)
    expect(backpressure.takes(stripe)).toBe(true)
  })
})

describe('a receiver under backpressure', () => {
  test('answers 503 with a time to come again, stores nothing and counts it', async () => {
    const { receive, stored, lines, monitor } = receiving({ provider: stripe, backpressure: { takes: () => false } })
    const response = await receive(delivered({ provider: stripe, body: '{"id":"evt_1","type":"a"}' }))
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '8'])
    expect(await stored()).toEqual([])
    expect(lines).toMatchObject([{ outcome: 'shed', eventId: 'evt_1' }])
    expect(monitor.counts()).toMatchObject([{ provider: 'stripe', outcome: 'shed', count: 1 }])
  })

  test('lets no stranger use up what a provider bears', async () => {
    let asked = 0
    const { receive } = receiving({ provider: stripe, backpressure: { takes: () => ++asked < 0 } })
    await receive(delivered({ provider: stripe, secret: 'whsec_other', body: '{"id":"evt_1","type":"a"}' }))
    expect(asked).toBe(0)
  })

  test('asks senders to come again at different times, in whole seconds', async () => {
    const pauses = [0, 0.25, 0.5, 0.75, 0.999].map(async (drawn) => {
      const { receive } = receiving({ provider: stripe, backpressure: { takes: () => false }, random: () => drawn })
      return (await receive(delivered({ provider: stripe, body: '{"id":"evt_1","type":"a"}' }))).headers.get(
        'retry-after',
      )
    })
    expect(await Promise.all(pauses)).toEqual(['5', '7', '10', '13', '15'])
  })
})
