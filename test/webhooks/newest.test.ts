import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newest } from '../../src/webhooks/newest.ts'

describe.each([
  ['in memory', () => newest()],
  ['in a database', () => newest(new DatabaseSync(':memory:'))],
  ['in a database of big integers', () => newest(new DatabaseSync(':memory:', { readBigInts: true }))],
])('the newest version %s', (_, create) => {
  test('wins in whatever order versions arrive', () => {
    const arrivals = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), version: fc.integer({ min: 0, max: 5 }) }))
    fc.assert(
      fc.property(arrivals, (all) => {
        const standing = create()
        const kept = new Map<string, number>()
        for (const { key, version } of all) {
          const before = kept.get(key)
          const expected = before === undefined || version > before ? 'newer' : version === before ? 'same' : 'older'
          expect(standing(key, version)).toBe(expected)
          if (expected === 'newer') kept.set(key, version)
        }
      }),
      { numRuns: 30 },
    )
  })
})

test('a version kept in a database goes when its transaction is rolled back', () => {
  const database = new DatabaseSync(':memory:')
  const standing = newest(database)
  database.exec('BEGIN')
  expect(standing('a', 1)).toBe('newer')
  database.exec('ROLLBACK')
  expect(standing('a', 1)).toBe('newer')
})
