import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomInt, randomToken, randomUuid, seededRandom, systemRandom } from '../../src/core/random.ts'

const draws = (random: () => number, count = 50) => Array.from({ length: count }, random)

describe('seededRandom', () => {
  test('repeats itself for the same seed and name, and differs for any other', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.string(), (seed, name, other) => {
        expect(draws(seededRandom(seed, name))).toEqual(draws(seededRandom(seed, name)))
        if (name !== other) expect(draws(seededRandom(seed, name))).not.toEqual(draws(seededRandom(seed, other)))
      }),
    )
  })

  test('spreads evenly: each of 16 buckets is within a fifth of its share', () => {
    const random = seededRandom(1)
    const buckets = Array.from({ length: 16 }, () => 0)
    for (let i = 0; i < 16_000; i++) buckets[randomInt(random, 16)]!++
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(200)
  })

  test.each([
    ['seeded', seededRandom(3)],
    ['system', systemRandom],
  ])('stays in [0, 1): %s', (_, random) => {
    for (const draw of draws(random, 2_000)) expect(draw >= 0 && draw < 1).toBe(true)
  })
})

test('randomUuid is a version 4 UUID', () => {
  expect(randomUuid(seededRandom(1))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('randomToken has the length and the letters asked for', () => {
  expect(randomToken(seededRandom(1), 24, 'ab')).toMatch(/^[ab]{24}$/)
})
