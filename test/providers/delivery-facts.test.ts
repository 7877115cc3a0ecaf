import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayMs, doublingPauses, hourMs, minuteMs } from '../../src/providers/pauses.ts'
import { webhookProviders } from '../../src/providers/webhook-catalogue.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

describe.each(webhookProviders.map(({ webhooks }) => [webhooks.scheme.id, webhooks.delivery] as const))(
  'deliveries of %s',
  (_id, facts) => {
    const lists = [facts.retryAfterMs, facts.sandboxRetryAfterMs ?? []]
    const spans = [facts.connectTimeoutMs, facts.windowMs, facts.heartbeat?.everyMs, facts.disable?.failingForMs]

    test('are repeated within the time that the provider names', () => {
      for (const pausesMs of lists) expect(sum(pausesMs)).toBeLessThanOrEqual(facts.windowMs ?? 7 * dayMs)
    })

    test('have pauses, timeouts and spans that can be', () => {
      for (const pauseMs of lists.flat()) expect(pauseMs).toBeGreaterThan(0)
      for (const spanMs of [facts.timeoutMs, ...spans]) if (spanMs !== undefined) expect(spanMs).toBeGreaterThan(0)
      expect(facts.timeoutMs).toBeLessThanOrEqual(minuteMs)
      expect(facts.connectTimeoutMs ?? 0).toBeLessThanOrEqual(facts.timeoutMs)
    })

    test('say where they were learned, and what is assumed', () => {
      expect(['documented', 'source', 'secondary', 'assumed']).toContain(facts.basis)
      for (const name of facts.assumed ?? []) expect(facts[name]).toBeDefined()
      if (facts.basis === 'assumed') expect(facts.assumed).toContain('retryAfterMs')
    })

    test('are plain data', () => {
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
    })

    test('take the answer that they ask for', () => {
      if (facts.answer === undefined) return
      const { status, body, mustContain } = facts.answer
      expect([facts.success].flat()).toContain(status)
      expect(mustContain === '' ? body === '' : body.includes(mustContain)).toBe(true)
    })
  },
)

describe('what is known without an assumption', () => {
  const schedules = Object.fromEntries(
    webhookProviders.map(({ webhooks: { scheme, delivery } }) => [scheme.id, delivery.retryAfterMs]),
  )

  test.each([
    ['lemonsqueezy', [5_000, 25_000, 125_000]],
    ['zoom', [5, 20, 60].map((minutes) => minutes * minuteMs)],
    ['mailgun', [10, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * minuteMs)],
    ['apple-app-store-v2', [1, 12, 24, 48, 72].map((hours) => hours * hourMs)],
    ['square', [1, 2, 4, 8, 16, 32, ...Array<number>(22).fill(60)].map((minutes) => minutes * minuteMs)],
    ['svix', [5_000, 300_000, ...[0.5, 2, 5, 10, 10].map((hours) => hours * hourMs)]],
    ['aws-sns-v2', [20_000, 20_000, 20_000]],
    ['sanity', [30_000, 30_000]],
    ['github', []],
    ['woocommerce', []],
  ])('%s repeats after %j', (id, pausesMs) => {
    expect(schedules[id]).toEqual(pausesMs)
  })

  test.each([
    ['paypal', 25],
    ['paddle', 60],
    ['shopify', 8],
    ['azure-event-grid', 29],
    ['standard-webhooks', 9],
  ])('%s repeats %i times', (id, times) => {
    expect(schedules[id]).toHaveLength(times)
  })
})

describe('doublingPauses', () => {
  test('doubles until a pause is as long as it may be, as long as it fits', () => {
    fc.assert(
      fc.property(
        fc.record({
          fromMs: fc.integer({ min: 1, max: 1_000 }),
          upToMs: fc.integer({ min: 1_000, max: 10_000 }),
          withinMs: fc.integer({ min: 1_000, max: 100_000 }),
          times: fc.integer({ min: 1, max: 100 }),
        }),
        ({ fromMs, upToMs, withinMs, times }) => {
          const pausesMs = doublingPauses({ fromMs, upToMs, withinMs, times })
          expect(pausesMs).toEqual(pausesMs.map((_, index) => Math.min(fromMs * 2 ** index, upToMs)))
          expect(sum(pausesMs)).toBeLessThanOrEqual(withinMs)
          const next = Math.min(fromMs * 2 ** pausesMs.length, upToMs)
          expect(pausesMs.length === times || sum(pausesMs) + next > withinMs).toBe(true)
        },
      ),
    )
  })
})
