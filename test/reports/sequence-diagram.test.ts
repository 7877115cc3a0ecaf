import { describe, expect, test } from 'vitest'
import { sequenceDiagram, wrap } from '../../src/reports/sequence-diagram.ts'
import { type Step } from '../../src/reports/step.ts'

const draw = (steps: readonly Step[], width = 760) => sequenceDiagram(steps, { id: 'd', title: 'a title', width })
const ask: Step = { atMs: 0, from: 'shop', to: 'provider', text: 'POST /v1/refunds' }

describe('the sequence diagram', () => {
  test('names itself and tells its steps in words', () => {
    const svg = draw([ask, { atMs: 5, from: 'provider', to: 'shop', text: '200', lost: true }])
    expect(svg).toContain('aria-labelledby="d-title d-desc"')
    expect(svg).toContain('<title id="d-title">a title</title>')
    expect(svg).toContain(
      'At 0 ms, shop to provider: POST /v1/refunds. At 5 ms, provider to shop: 200 (never arrives).',
    )
  })

  test('draws an attacker only where one takes part', () => {
    expect(draw([ask])).not.toContain('head attacker')
    expect(draw([{ atMs: 0, from: 'attacker', to: 'shop', text: 'x', forged: true }])).toContain('head attacker')
  })

  test('breaks the arrow of what is lost', () => {
    const svg = draw([{ ...ask, lost: true }])
    expect(svg).toContain('class="cross"')
    expect(svg).not.toContain('<polygon')
  })

  test('says how long a silence was', () => {
    expect(draw([ask, { ...ask, atMs: 3_600_000 }])).toContain('>1 h later<')
    expect(draw([ask, { ...ask, atMs: 2_000 }])).not.toContain('later')
  })

  test.each([760, 380])('keeps everything inside a width of %d', (width) => {
    const long = 'word '.repeat(30)
    const svg = draw(
      [
        { ...ask, text: long },
        { atMs: 1, from: 'shop', text: long },
        { atMs: 1, from: 'provider', text: long },
        { atMs: 90_000, from: 'attacker', to: 'shop', text: long, wrong: true },
      ],
      width,
    )
    for (const [, x, w] of svg.matchAll(/<rect[^>]* x="([\d.-]+)"[^>]* width="([\d.]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0)
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(width)
    }
    expect(svg).not.toContain('NaN')
  })

  test('wraps words, and breaks one that is longer than a line', () => {
    expect(wrap('one two three', 60)).toEqual(['one two', 'three'])
    expect(wrap('abcdefghijklmnop', 60)).toEqual(['abcdefgh', 'ijklmnop'])
  })
})
