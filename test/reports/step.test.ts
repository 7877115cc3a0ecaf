import { describe, expect, test } from 'vitest'
import { duration, historyLines } from '../../src/reports/step.ts'

describe('time for people', () => {
  test.each([
    [0, '0 ms'],
    [12.34, '12 ms'],
    [999, '999 ms'],
    [1_500, '1.5 s'],
    [1_019.4, '1.019 s'],
    [12_345, '12.3 s'],
    [59_949, '59.9 s'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [3_600_031, '1 h'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is told as %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('a history as text', () => {
  test('lines up times, parties and words, and points at the step that breaks the promise', () => {
    const lines = historyLines([
      { atMs: 0, from: 'shop', to: 'provider', text: 'POST /v1/refunds' },
      { atMs: 200, from: 'provider', to: 'shop', text: '200', answer: true, lost: true },
      { atMs: 300, from: 'attacker', to: 'shop', text: 'event', forged: true },
      { atMs: 300, from: 'shop', text: 'refunds twice', wrong: true },
    ])
    expect(lines).toEqual([
      '  0 ms  shop     -> provider  POST /v1/refunds',
      '200 ms  provider -x shop      200',
      '300 ms  attacker ~> shop      event',
      '300 ms  shop                  refunds twice  <-- here',
    ])
  })
})
