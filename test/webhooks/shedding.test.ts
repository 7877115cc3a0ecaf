import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isShed, sheddingLevel, type SheddingLevel } from '../../src/webhooks/shedding.ts'

describe('the level of shedding', () => {
  test.each<[SheddingLevel, number, SheddingLevel]>([
    ['none', 0, 'none'],
    ['none', 0.79, 'none'],
    ['none', 0.8, 'long'],
    ['none', 0.9, 'short'],
    ['none', 1, 'all'],
    ['none', 5, 'all'],
    ['long', 0.79, 'long'],
    ['long', 0.4, 'long'],
    ['long', 0.39, 'none'],
    ['long', 0.9, 'short'],
    ['short', 0.45, 'short'],
    ['short', 0.44, 'long'],
    ['short', 0.1, 'none'],
    ['all', 0.5, 'all'],
    ['all', 0.49, 'short'],
    ['all', 0.44, 'long'],
    ['all', 0, 'none'],
  ])('goes from %s at a load of %d to %s', (current, load, next) => {
    expect(sheddingLevel(current, load)).toBe(next)
  })

  test('does not change while the load stays the same', () => {
    const levels = fc.constantFrom<SheddingLevel>('none', 'long', 'short', 'all')
    fc.assert(
      fc.property(levels, fc.double({ min: 0, max: 2, noNaN: true }), (current, load) => {
        const next = sheddingLevel(current, load)
        expect(sheddingLevel(next, load)).toBe(next)
      }),
    )
  })
})

describe('a delivery', () => {
  const isPutOff = (level: SheddingLevel, horizon: 'days' | 'hours' | 'minutes' | 'none') =>
    isShed(level, { horizon, refusedInARow: 0, disablesAfter: undefined })

  test('is put off the sooner the longer its provider comes again', () => {
    const horizons = ['days', 'hours', 'minutes', 'none'] as const
    const table = (['none', 'long', 'short', 'all'] as const).map((level) =>
      horizons.map((horizon) => isPutOff(level, horizon)),
    )
    expect(table).toEqual([
      [false, false, false, false],
      [true, false, false, false],
      [true, true, true, false],
      [true, true, true, true],
    ])
  })

  test.each([
    [undefined, 1_000_000, true],
    [8, 3, true],
    [8, 4, false],
    [1, 0, false],
    [2, 0, true],
    [2, 1, false],
  ])('of a provider that stops after %s refusals is put off after %d in a row: %s', (disablesAfter, refused, shed) => {
    expect(isShed('all', { horizon: 'days', refusedInARow: refused, disablesAfter })).toBe(shed)
  })
})
