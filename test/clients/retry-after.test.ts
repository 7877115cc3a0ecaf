import { describe, expect, test } from 'vitest'
import { parseHttpDate } from '../../src/clients/http-date.ts'
import { retryAfterMs } from '../../src/clients/retry-after.ts'

const nowMs = Date.UTC(2026, 10, 6, 8, 49, 0)
const wait = (headers: Record<string, string>) => retryAfterMs(new Response(null, { headers }), nowMs)

describe('retryAfterMs', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['nothing', {}, undefined],
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['zero', { 'retry-after': '0' }, 0],
    ['a part of a second', { 'retry-after': '0.5' }, 500],
    ['milliseconds, which win', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    ['an IMF date', { 'retry-after': 'Fri, 06 Nov 2026 08:49:37 GMT' }, 37_000],
    ['an RFC 850 date', { 'retry-after': 'Friday, 06-Nov-26 08:49:37 GMT' }, 37_000],
    ['an asctime date', { 'retry-after': 'Fri Nov  6 08:49:37 2026' }, 37_000],
    ['a date gone by', { 'retry-after': 'Fri, 06 Nov 2026 08:00:00 GMT' }, 0],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['an ISO date, which HTTP does not know', { 'retry-after': '2026-11-06T08:49:37Z' }, undefined],
    ['a number with an exponent', { 'retry-after': '1e9' }, undefined],
    ['bad milliseconds, so the seconds', { 'retry-after-ms': 'x', 'retry-after': '1' }, 1_000],
  ])('reads %s', (_name, headers, expected) => {
    expect(wait(headers)).toBe(expected)
  })

  test('measures a date against the answer, not against a clock that is wrong', () => {
    const headers = { 'retry-after': 'Fri, 06 Nov 2026 10:00:30 GMT', date: 'Fri, 06 Nov 2026 10:00:00 GMT' }

    expect(wait(headers)).toBe(30_000)
  })
})

describe('parseHttpDate', () => {
  test('puts a year of two digits more than fifty years ahead into the past', () => {
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', nowMs)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37))
    expect(parseHttpDate('Tuesday, 06-Nov-46 08:49:37 GMT', nowMs)).toBe(Date.UTC(2046, 10, 6, 8, 49, 37))
  })

  test.each(['Fri, 06 Foo 2026 08:49:37 GMT', 'Fri, 06 Nov 2026 08:49:37', '06 Nov 2026 08:49:37 GMT', ''])(
    'refuses %j',
    (text) => {
      expect(parseHttpDate(text, nowMs)).toBeUndefined()
    },
  )
})
