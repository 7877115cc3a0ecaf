import { describe, expect, test } from 'vitest'
import { createKeyStore } from '../../../src/mocks/checks/key-store.ts'

const first = { path: '/things', request: { path: '/things', body: new Uint8Array(), type: null } }
const answer = { answer: { status: 200, headers: {}, body: 'made' }, summary: undefined }

describe('a store of keys', () => {
  test('has no answer while the first request is running', () => {
    const keys = createKeyStore(1_000)
    const reserved = keys.reserve('k', 0, first)
    expect(keys.find('k', 1)).toMatchObject({ answer: undefined })
    reserved.settle(answer)
    expect(keys.find('k', 2)?.answer).toBe(answer)
  })

  test('makes a released key new again', () => {
    const keys = createKeyStore(1_000)
    keys.reserve('k', 0, first).release()
    expect(keys.find('k', 1)).toBeUndefined()
  })

  test('forgets a key so long after its first use, whatever came after', () => {
    const keys = createKeyStore(1_000)
    keys.reserve('old', 0, first).settle(answer)
    keys.reserve('new', 600, first).settle(answer)
    keys.find('old', 900)
    expect(keys.find('old', 999)).toBeDefined()
    expect(keys.find('old', 1_000)).toBeUndefined()
    expect(keys.find('new', 1_000)).toBeDefined()
  })

  test('does not forget a request that is still running', () => {
    const keys = createKeyStore(1_000)
    const reserved = keys.reserve('k', 0, first)
    expect(keys.find('k', 5_000)).toBeDefined()
    reserved.settle(answer)
    expect(keys.find('k', 5_000)).toBeUndefined()
  })

  test('lets nobody settle a key that belongs to another request by now', () => {
    const keys = createKeyStore(1_000)
    const stale = keys.reserve('k', 0, first)
    stale.release()
    keys.reserve('k', 1, first)
    stale.settle(answer)
    expect(keys.find('k', 2)).toMatchObject({ answer: undefined })
  })
})
