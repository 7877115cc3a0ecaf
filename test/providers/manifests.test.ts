import { describe, expect, test } from 'vitest'
import { GoodfenceError } from '../../src/core/errors.ts'
import { manifestOf, manifests } from '../../src/providers/manifests.ts'
import { stripe } from '../../src/providers/stripe.ts'

test('an unknown provider is refused with the names that exist', () => {
  const facts = { name: 'strip', known: ['stripe'] }
  const message = 'There is no provider "strip". Known: stripe.'
  expect(() => manifestOf('strip')).toThrow(new GoodfenceError('unknown_provider', message, facts))
})

describe.each(manifests)('the manifest of $name', (manifest) => {
  test('is found by its name', () => {
    expect(manifestOf(manifest.name)).toBe(manifest)
  })

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest)
  })

  test('names each event once, in order', () => {
    expect(manifest.events).toEqual([...new Set(manifest.events)].sort())
  })

  test.each(manifest.uncertain)('has the uncertain fact %s', (pointer) => {
    const names = pointer.slice(1).split('/')
    expect(names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], manifest)).toBeDefined()
  })
})

describe('deliveries of Stripe', () => {
  test('are repeated after 1 m, 5 m, 30 m, 1 h, 2 h, 4 h, then every 8 h up to 72 h', () => {
    const { retryAfterMs } = stripe.webhooks.delivery
    const minutes = retryAfterMs.map((pauseMs) => pauseMs / 60_000)
    expect(minutes).toEqual([1, 5, 30, 60, 120, 240, ...Array<number>(8).fill(480)])

    const totalHours = minutes.reduce((sum, pause) => sum + pause, 0) / 60
    expect(totalHours).toBeLessThanOrEqual(72)
    expect(totalHours + 8).toBeGreaterThan(72)
  })
})
