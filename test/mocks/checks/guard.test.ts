import { describe, expect, test } from 'vitest'
import { GoodfenceError, networkError } from '../../../src/core/errors.ts'
import { createJournal } from '../../../src/core/journal.ts'
import { guard } from '../../../src/mocks/checks/guard.ts'
import { type Exchange, beginExchange } from '../../../src/mocks/exchange.ts'
import { Refused } from '../../../src/mocks/refusal.ts'

function guarded(error: unknown) {
  const journal = createJournal({ clock: { now: () => 0 } as never })
  const request = new Request('https://api.test/')
  beginExchange(request, {} as Exchange)
  const service = guard({ journal, refuse: ({ status, message }) => new Response(message, { status }) })
  const answer = service(async () => Promise.reject(error))(request)
  return { answer, notes: () => journal.entries().map((entry) => (entry.kind === 'note' ? entry.note : '')) }
}

describe('guard', () => {
  test('answers a refusal as it is', async () => {
    const { answer, notes } = guarded(new Refused({ status: 404, message: 'nothing' }))
    expect((await answer).status).toBe(404)
    expect(notes()).toEqual([])
  })

  test('answers a body that is too large with 413', async () => {
    expect((await guarded(new GoodfenceError('body_too_large', '', { maxBytes: 7 })).answer).status).toBe(413)
  })

  test('leaves no answer as no answer', async () => {
    await expect(guarded(networkError('ECONNRESET')).answer).rejects.toThrow('fetch failed')
  })

  test('answers a defect with a 500 and tells the journal alone where it is', async () => {
    const { answer, notes } = guarded(new RangeError('off by one'))
    const response = await answer
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('off by one')
    expect(notes()).toEqual([expect.stringContaining('RangeError: off by one at ')])
  })
})
