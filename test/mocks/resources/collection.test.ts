import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Resource, createCollection } from '../../../src/mocks/resources/collection.ts'

const ids = (objects: Iterable<Resource>) => [...objects].map(({ id }) => id)

describe('a collection', () => {
  test('behaves as a map that remembers the order of making', () => {
    const step = fc.record({ does: fc.constantFrom('put', 'delete'), id: fc.constantFrom('a', 'b', 'c', 'd') })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const model = new Map<string, number>()
        const collection = createCollection<Resource>()
        steps.forEach(({ does, id }, version) => {
          if (does === 'put') {
            collection.put({ id, version })
            model.set(id, version)
          } else {
            expect(collection.delete(id)).toBe(model.delete(id))
          }
        })
        expect(collection.all()).toHaveLength(model.size)
        expect(collection.all()).toEqual([...model].map(([id, version]) => ({ id, version })))
        expect(ids(collection.walk(undefined))).toEqual([...model.keys()].reverse())
        expect(ids(collection.walk(undefined, true))).toEqual([...model.keys()])
        for (const [id, version] of model) expect(collection.get(id)).toEqual({ id, version })
      }),
    )
  })

  test('is walked from a place, which is left out, in both directions', () => {
    const collection = createCollection<Resource>()
    for (const id of ['a', 'b', 'c', 'd']) collection.put({ id })
    expect(ids(collection.walk(collection.placeOf('c')))).toEqual(['b', 'a'])
    expect(ids(collection.walk(collection.placeOf('b'), true))).toEqual(['c', 'd'])
  })

  test('keeps the place of what is replaced and of the others when one is deleted', () => {
    const collection = createCollection<Resource>()
    for (const id of ['a', 'b', 'c']) collection.put({ id })
    const place = collection.placeOf('c')
    collection.delete('b')
    collection.put({ id: 'c', changed: true })
    expect(collection.placeOf('c')).toBe(place)
    expect(collection.get('c')).toEqual({ id: 'c', changed: true })
  })
})
