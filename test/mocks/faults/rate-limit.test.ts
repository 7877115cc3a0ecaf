import { describe, expect, test } from 'vitest'
import { type RateLimit } from '../../../src/mocks/faults/rate-limit.ts'
import { faultLaws } from '../../suites/fault-laws.ts'
import { always, faultWorld, post } from '../fault-world.ts'

faultLaws({ kind: 'rate-limit', retryAfter: 3_600 }, { effects: 0 })

describe('rate-limit', () => {
  const forms: [Omit<RateLimit, 'kind'>, string | null][] = [
    [{}, null],
    [{ retryAfter: 30 }, '30'],
    [{ retryAfter: 0 }, '0'],
    [{ retryAfter: 30, as: 'date' }, 'Fri, 15 Jan 2027 08:00:30 GMT'],
    [{ retryAfter: 'Sun, 06 Nov 1994 08:49:37 GMT' }, 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ]
  test.each(forms)('%j sends Retry-After %s', async (form, expected) => {
    const world = faultWorld(always({ kind: 'rate-limit', ...form }))

    const response = await world.mock(post())

    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe(expected)
    expect(world.refusals).toEqual([{ status: 429, code: 'rate_limit' }])
  })
})
