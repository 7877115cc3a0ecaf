import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sequence, type SequenceOptions } from '../../../src/webhooks/orders/sequence.ts'
import { keyOf, openShop } from '../../support/ordered-shop.ts'

function openSequence(options: Partial<SequenceOptions> = {}, fails: (id: string) => boolean = () => false) {
  const handled: string[] = []
  const shop = openShop(
    {
      '*': sequence({
        key: keyOf,
        number: ({ data }) => (data as { n?: number }).n,
        timeoutMs: 60_000,
        onGap: 'dead',
        ...options,
      }),
    },
    (event, { current }) => {
      if (fails(event.id)) throw new Error('no')
      handled.push(current === undefined ? event.id : `${event.id} asked`)
    },
    { pausesMs: [1_000] },
  )
  const numbered = (...numbers: readonly number[]) => shop.put(...numbers.map((n) => ({ id: `n${n}`, key: 'k', n })))
  return { ...shop, handled, numbered }
}

describe('a sequence', () => {
  test('is handled in the order of its numbers, in whatever order they come', async () => {
    const shuffled = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 })
    await fc.assert(
      fc.asyncProperty(shuffled, fc.array(fc.nat(2_000), { minLength: 8, maxLength: 8 }), async (numbers, pauses) => {
        const { clock, worker, handled, numbered } = openSequence()
        worker.start()
        for (const [at, n] of numbers.entries()) {
          await numbered(n)
          await clock.advance(pauses[at] as number)
        }
        await clock.advance(1_000)
        await worker.stop()
        expect(handled).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `n${n}`))
      }),
      { numRuns: 50 },
    )
  })

  test('waits for a number that is there and fails, however long', async () => {
    let broken = true
    const { clock, worker, handled, numbered, counts } = openSequence({}, (id) => broken && id === 'n2')
    await numbered(3, 1, 2)
    worker.start()
    await clock.advance(200_000)
    expect(handled).toEqual(['n1'])
    expect(await counts()).toMatchObject({ dead: 1, held: 1 })
    broken = false
    await worker.stop()
  })

  test('goes on when the dead number was requeued, or at once where it was told to', async () => {
    let broken = true
    const { clock, inbox, worker, handled, numbered } = openSequence({}, (id) => broken && id === 'n2')
    worker.start()
    await numbered(1, 2, 3)
    await clock.advance(100_000)
    broken = false
    await inbox.requeue({}, { by: 'ann', reason: 'fixed' })
    await clock.advance(0)
    expect(handled).toEqual(['n1', 'n2', 'n3'])
    await worker.stop()

    const relaxed = openSequence({ onDead: 'continue' }, (id) => id === 'n2')
    relaxed.worker.start()
    await relaxed.numbered(1, 2, 3)
    await relaxed.clock.advance(60_000)
    expect(relaxed.handled).toEqual(['n1', 'n3'])
    await relaxed.worker.stop()
  })

  test('gives an event up whose predecessor never came, and holds up the rest', async () => {
    const { clock, inbox, worker, handled, numbered } = openSequence()
    await numbered(1, 3, 4)
    worker.start()
    await clock.advance(59_999)
    expect(handled).toEqual(['n1'])
    await clock.advance(1)
    expect((await inbox.inspect({ states: ['dead'] })).events).toMatchObject([{ eventId: 'n3', lastError: 'gap' }])
    expect((await inbox.inspect({ states: ['held'] })).events).toMatchObject([{ eventId: 'n4' }])
    await worker.stop()
  })

  test('asks the provider where its predecessor never came, and supersedes it when it comes after all', async () => {
    const { clock, worker, handled, numbered, counts } = openSequence({ onGap: async () => ({ state: 'now' }) })
    await numbered(1, 3, 4)
    worker.start()
    await clock.advance(60_000)
    expect(handled).toEqual(['n1', 'n3 asked', 'n4'])
    await numbered(2, 5)
    await clock.advance(60_000)
    expect(handled).toEqual(['n1', 'n3 asked', 'n4', 'n5'])
    expect(await counts()).toMatchObject({ superseded: 1, done: 4 })
    await worker.stop()
  })

  test('keeps keys apart', async () => {
    const { clock, put, worker, handled } = openSequence()
    await put({ id: 'a2', key: 'a', n: 2 }, { id: 'b1', key: 'b', n: 1 }, { id: 'b2', key: 'b', n: 2 }, { id: 'free' })
    await clock.run(() => worker.drain())
    expect(handled.toSorted()).toEqual(['b1', 'b2', 'free'])
  })
})
