import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGoodfenceError } from '../../src/core/errors.ts'
import { type Bundle, bundleName, bundleText, readBundle } from '../../src/scenarios/bundle.ts'

const bundle: Bundle = {
  bundle: 1,
  versions: { goodfence: '0.1.0', node: 'v24.21.0' },
  provider: 'stripe',
  subject: 'checkout',
  scenario: 'charges once when the reply is lost',
  seed: 1,
  plan: { faults: [{ on: { operation: 'POST /v1/refunds', nth: [1] }, fault: { kind: 'lost-reply' } }] },
  workload: [{ do: 'pay', order: { id: 'order-1', amount: 2_000, currency: 'usd', card: 'pm_card_visa' } }],
  violations: [{ invariant: 'at-most-once', promise: 'p', happened: 'h' }],
  history: [],
}

describe('a bundle', () => {
  test('is the same after its journey through a file', () => {
    expect(readBundle(bundleText(bundle), 'one.json')).toEqual(bundle)
  })

  test('is named after subject and scenario', () => {
    expect(bundleName(bundle)).toBe('checkout--charges-once-when-the-reply-is-lost.json')
  })

  test.each([
    ['../../etc', 'a/b\\c:d', /^etc--a-b-c-d-[0-9a-f]{8}\.json$/],
    ['Shop', 'pays', /^shop--pays-[0-9a-f]{8}\.json$/],
    ['店', 'pays', /^--pays-[0-9a-f]{8}\.json$/],
    ['shop', 'a'.repeat(300), /^shop--a{80}-[0-9a-f]{8}\.json$/],
  ])('is named with a hash where the file name cannot hold %s and %.20s', (subject, scenario, name) => {
    expect(bundleName({ subject, scenario })).toMatch(name)
  })

  test('has a file of its own', () => {
    const names = fc.string({ unit: fc.constantFrom('a', 'B', 'b', ' ', '-', '_', 'é'), minLength: 1, maxLength: 4 })
    const pairs = fc.uniqueArray(fc.tuple(names, names), { selector: (pair) => pair.join('\n'), maxLength: 50 })
    fc.assert(
      fc.property(pairs, (all) => {
        const files = all.map(([subject, scenario]) => bundleName({ subject, scenario }).toLowerCase())
        expect(new Set(files).size).toBe(files.length)
      }),
    )
  })

  test.each<[string, unknown, string | undefined]>([
    ['no object', [], undefined],
    ['another format', { ...bundle, bundle: 2 }, '/bundle'],
    ['no scenario', { ...bundle, scenario: '' }, '/scenario'],
    ['a seed that is no number', { ...bundle, seed: '1' }, '/seed'],
    ['no versions', { ...bundle, versions: null }, '/versions'],
    ['a workload that is no list', { ...bundle, workload: {} }, '/workload'],
    ['an unknown step', { ...bundle, workload: [{ do: 'dance' }] }, '/workload/0/do'],
    [
      'an order without a card',
      { ...bundle, workload: [{ do: 'pay', order: { id: 'a', amount: 1, currency: 'usd' } }] },
      '/workload/0/order/card',
    ],
    [
      'an unknown fault',
      { ...bundle, plan: { faults: [{ fault: { kind: 'lost-replay' } }] } },
      '/plan/faults/0/fault/kind',
    ],
  ])('with %s is refused, with the place', (_, value, pointer) => {
    let error: unknown
    try {
      readBundle(JSON.stringify(value), 'shop/one.json')
    } catch (thrown) {
      error = thrown
    }
    expect(isGoodfenceError(error, 'bundle_invalid') && error.facts).toEqual({
      path: 'shop/one.json',
      ...(pointer === undefined ? {} : { pointer }),
    })
    expect((error as Error).message).toContain('shop/one.json is not a bundle that can be replayed')
  })

  test('with a bad plan is refused in one sentence that names the file once', () => {
    const faults = [{ on: { tenent: 'a' }, fault: { kind: 'lost-reply' } }]
    const read = () => readBundle(JSON.stringify({ ...bundle, plan: { faults } }), 'one.json')
    expect(read).toThrow(
      'one.json is not a bundle that can be replayed: /plan/faults/0/on/tenent is not a field of "on". Did you mean "tenant"? Take a file that',
    )
  })

  test('that is no JSON is refused', () => {
    expect(() => readBundle('{', 'one.json')).toThrow(
      'one.json is not a bundle that can be replayed: the file is not JSON',
    )
  })
})
