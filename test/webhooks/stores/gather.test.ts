import { describe, expect, test } from 'vitest'
import { gathering } from '../../../src/webhooks/stores/gather.ts'

/** A store whose batches end when they are told to. */
function scripted() {
  const batches: { readonly items: readonly string[]; readonly end: (error?: Error) => void }[] = []
  const put = gathering<string, string>(
    (items) =>
      new Promise((resolve, reject) => {
        const results = items.map((item) => `${item} stored`)
        batches.push({ items, end: (error) => (error === undefined ? resolve(results) : reject(error)) })
      }),
  )
  return { batches, put, items: () => batches.map(({ items }) => items) }
}

const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)))

describe('what is gathered', () => {
  test('is stored at once while there is little to do', () => {
    const { put, items } = scripted()
    void put('a')
    void put('b')
    expect(items()).toEqual([['a'], ['b']])
  })

  test('shares a batch when it came while two were being stored, and each gets its own result', async () => {
    const { put, batches, items } = scripted()
    const results = Promise.all(['a', 'b', 'c', 'd', 'e'].map(put))
    expect(items()).toEqual([['a'], ['b']])
    batches[1]?.end()
    await settled()
    expect(items()).toEqual([['a'], ['b'], ['c', 'd', 'e']])
    batches[0]?.end()
    batches[2]?.end()
    expect(await results).toEqual(['a stored', 'b stored', 'c stored', 'd stored', 'e stored'])
  })

  test('is tried alone when its batch fails, so that only the one to blame fails', async () => {
    const put = gathering<string, string>(async (items) => {
      if (items.includes('bad')) throw new Error('bad')
      return items
    })
    const results = await Promise.allSettled(['a', 'b', 'c', 'bad', 'd'].map(put))
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(results[4]).toMatchObject({ value: 'd' })
  })

  test('goes on after a batch that failed', async () => {
    const { put, batches } = scripted()
    const failed = put('a')
    batches[0]?.end(new Error('down'))
    await expect(failed).rejects.toThrow('down')
    const next = put('b')
    batches[1]?.end()
    expect(await next).toBe('b stored')
  })

  test('comes in batches that are not without end', async () => {
    const sizes: number[] = []
    const put = gathering<number, number>(async (items) => {
      sizes.push(items.length)
      return items
    })
    await Promise.all(Array.from({ length: 250 }, (_, at) => put(at)))
    expect([Math.max(...sizes), sizes.reduce((sum, size) => sum + size)]).toEqual([100, 250])
  })
})
