import { describe, expect, test } from 'vitest'
import { createMemo, maxMemoBytes } from '../../src/openapi/memo.ts'

describe('createMemo', () => {
  test('keeps what a text means, frozen to the last member', () => {
    const memo = createMemo<{ list: { a: number }[] }>()
    memo.keep('x', { list: [{ a: 1 }] })

    const kept = memo.get('x')
    expect(kept).toEqual({ list: [{ a: 1 }] })
    expect([kept, kept?.list, kept?.list[0]].every(Object.isFrozen)).toBe(true)
  })

  test('forgets everything when strangers fill it, and keeps nothing long', () => {
    const memo = createMemo<number>()
    memo.keep('first', 0)
    for (let i = 0; i < 1_000; i++) memo.keep(`${i}`, i)
    memo.keep('x'.repeat(maxMemoBytes + 1), 1)

    expect(memo.get('first')).toBeUndefined()
    expect(memo.get('999')).toBe(999)
    expect(memo.get('x'.repeat(maxMemoBytes + 1))).toBeUndefined()
  })
})
