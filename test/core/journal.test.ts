import { describe, expect, test } from 'vitest'
import { createJournal, journalText } from '../../src/core/journal.ts'
import { pathOf, record } from '../../src/core/record.ts'
import { networkError } from '../../src/core/errors.ts'
import { virtualClock } from '../../src/core/virtual-clock.ts'

const canary = 'sk_test_CANARY_4242424242424242'

describe('journal', () => {
  test('counts and dates what happens, and tells its listeners', () => {
    const clock = virtualClock({ startMs: 100 })
    const journal = createJournal({ clock })
    const heard: number[] = []
    const unsubscribe = journal.subscribe((entry) => heard.push(entry.seq))
    journal.record({ kind: 'note', note: 'a' })
    journal.record({ kind: 'note', note: 'b' })
    unsubscribe()
    journal.record({ kind: 'note', note: 'c' })
    expect(journal.entries().map(({ seq, atMs }) => [seq, atMs])).toEqual([
      [1, 100],
      [2, 100],
      [3, 100],
    ])
    expect(heard).toEqual([1, 2])
  })

  test('makes two entries of one object that is recorded twice', () => {
    const journal = createJournal()
    const note = { kind: 'note', note: 'again' } as const
    journal.record(note)
    journal.record(note)
    expect(journal.entries().map(({ seq }) => seq)).toEqual([1, 2])
  })

  test('forgets the oldest beyond its limit and keeps counting', () => {
    const journal = createJournal({ maxEntries: 10 })
    for (let i = 0; i < 25; i++) journal.record({ kind: 'note', note: `${i}` })
    expect(journal.entries().length).toBeLessThanOrEqual(10)
    expect(journal.entries().at(-1)?.seq).toBe(25)
  })
})

describe('record', () => {
  test('writes the request and its answer, without query, body or unlisted headers', async () => {
    const journal = createJournal({ clock: virtualClock() })
    const service = record('wire', { journal })(
      async () => new Response(canary, { status: 201, headers: { 'x-secret': canary, 'request-id': 'req_1' } }),
    )
    await service(
      new Request(`https://api.test/v1/charges?key=${canary}`, {
        method: 'POST',
        body: canary,
        headers: { authorization: `Bearer ${canary}`, 'idempotency-key': 'k1' },
      }),
    )
    const text = journalText(journal.entries())
    expect(text).not.toContain('CANARY')
    expect(journal.entries()).toMatchObject([
      {
        kind: 'request',
        seen: 'wire',
        exchange: 'wire-1',
        method: 'POST',
        path: '/v1/charges',
        headers: { 'idempotency-key': 'k1' },
      },
      { kind: 'answer', exchange: 'wire-1', status: 201, headers: { 'request-id': 'req_1' } },
    ])
  })

  test('writes that no answer came, by the kind of failure alone', async () => {
    const journal = createJournal({ clock: virtualClock() })
    const failure = networkError('ECONNRESET')
    const service = record('call', { journal })(() => Promise.reject(failure))
    await expect(service(new Request('https://api.test/'))).rejects.toBe(failure)
    expect(journal.entries()[1]).toMatchObject({ kind: 'no-answer', error: 'TypeError ECONNRESET' })
  })
})

test.each([
  ['https://api.test', '/'],
  ['https://api.test/', '/'],
  ['https://api.test/a/b?c=d#e', '/a/b'],
  ['http://127.0.0.1:4010/v1/x#y', '/v1/x'],
])('pathOf(%s) is %s', (url, path) => {
  expect(pathOf(url)).toBe(path)
})
